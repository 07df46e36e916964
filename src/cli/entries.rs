//! What some commands do with bytes of others, without files and without a process: tests feed these with chance and see that
//! nothing falls over. It adds nothing to the commands' own ways.

use super::{label, plan};

/// Lines as `packbench plan tours` reads them; a layout stays for the lines after it.
#[derive(Default)]
pub struct Tours(plan::TourLines);

impl Tours {
    /// The answer to a line as JSON; empty where a layout was told.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn line(&mut self, line: &[u8]) -> Result<String, String> {
        let value = serde_json::from_slice(line).map_err(|e| format!("no case: {e}"))?;
        let Some(answer) = self.0.answer(value)? else { return Ok(String::new()) };
        serde_json::to_string(&answer).map_err(|e| e.to_string())
    }
}

/// What `packbench plan container` says to a file with so many steps for each case: an answer or what is wrong, one after the
/// other.
pub fn container(file: &[u8], steps: u64) -> Vec<Result<String, String>> {
    plan::container_answers(file, steps)
}

/// The print job of a template's own sample, as `packbench label --template T --sample --to zpl` writes it.
///
/// # Errors
/// What is wrong with the template or with drawing it.
pub fn template(text: &str) -> Result<String, String> {
    label::sample_job(text)
}
