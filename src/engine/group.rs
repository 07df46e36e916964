//! Which inputs are committed together, and which of them somebody waits for. It decides nothing else: order is kept, and nothing
//! is left out.

use super::Input;

/// Inputs in their order, parted into transactions: each of the server's news has its own, so that a page that cannot be stored
/// refuses nobody's scan. Never empty.
pub(super) fn parts(inputs: Vec<Input>) -> Vec<Vec<Input>> {
    let mut list: Vec<Vec<Input>> = Vec::new();
    let mut open = false;
    for input in inputs {
        let own = matches!(input, Input::Sync(_));
        match list.last_mut().filter(|_| open && !own) {
            Some(last) => last.push(input),
            None => list.push(vec![input]),
        }
        open = !own;
    }
    if list.is_empty() {
        list.push(Vec::new());
    }
    list
}

/// Is it something that a person did and waits for an answer to? Only then is it said aloud that it was not kept.
pub(super) fn is_persons(input: &Input) -> bool {
    match input {
        Input::Scan(_)
        | Input::Tag(_)
        | Input::Weight { .. }
        | Input::Photo(_)
        | Input::Voice(_)
        | Input::PinChecked { .. }
        | Input::Ui(_) => true,
        Input::TagWritten { .. }
        | Input::Device(_)
        | Input::Live(_)
        | Input::Tried(_)
        | Input::Setup(_)
        | Input::Printed { .. }
        | Input::PrintNews { .. }
        | Input::SparePrinted { .. }
        | Input::Sync(_)
        | Input::Tick
        | Input::Stop => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::input::{SyncNews, Ui};

    #[test]
    fn the_servers_news_stand_alone_and_the_order_is_kept() {
        let news = || Input::Sync(SyncNews::Online(true));
        let ui = || Input::Ui(Ui::Continue);
        let shape = |inputs: Vec<Input>| parts(inputs).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(shape(vec![ui(), Input::Tick, ui()]), [3]);
        assert_eq!(shape(vec![ui(), news(), news(), ui(), ui()]), [1, 1, 1, 2]);
        assert_eq!(shape(vec![news(), ui()]), [1, 1]);
        assert_eq!(shape(Vec::new()), [0], "an empty group is still one look at what is due");
        let list = parts(vec![Input::Tick, news(), ui()]);
        assert!(matches!(
            (&list[0][0], &list[1][0], &list[2][0]),
            (Input::Tick, Input::Sync(_), Input::Ui(Ui::Continue))
        ));
    }
}
