//! Sends mail to customers while the server serves, through the mail server that the settings name. What is due is asked of the
//! database; a mail server that is down or hangs is tried again later and holds up nothing else.
//!
//! A message is sent once as far as the protocol lets a sender know: if the mail server took it and the answer was lost, or this
//! server died before it was noted, it is sent again with the same `Message-ID`, by which the other side can tell.

use super::Shared;
use super::actor::Actor;
use super::error::{CentralError, Res};
use super::lanes::{LOOK_MAX, Lanes, Sender, until};
use super::services::messages::{self as service, Claimed, Met, Outcome};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport as _, Tokio1Executor};
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Messages that are on their way at the same time.
const AT_ONCE: usize = 4;
/// Answers with which a mail server says that it does not know us: nothing is wrong with the message.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

/// How the way to the mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all: for a mail server on the own machine.
    None,
    /// From the first word on, as on port 465.
    Tls,
    /// After asking for it, as on port 587; without it nothing is sent.
    StartTls,
}

/// The mail server that mail goes out through. Holds a password, so it shows itself nowhere.
#[derive(Clone)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept secret.
    pub encryption: Encryption,
    /// User and password.
    pub login: Option<(String, String)>,
    /// Who mail comes from: an address, or `Name <address>`.
    pub from: String,
    /// More certificate authorities than the machine's own, PEM.
    pub authorities: Vec<u8>,
    /// Longest time for one message.
    pub patience: Duration,
}

/// One way to the mail server.
type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Sends mail.
pub(super) struct Mail {
    shared: Arc<Shared>,
    way: Option<Arc<Way>>,
}

/// All that a message needs.
struct Way {
    transport: Transport,
    from: Mailbox,
    patience: Duration,
}

/// Opens the way to the mail server; nothing is connected yet.
fn way(server: &MailServer) -> Result<Way, CentralError> {
    let wrong = |what| move |_| CentralError::Inner { what };
    let from: Mailbox = server.from.parse().map_err(|_| CentralError::Inner { what: "reading central.mail_from" })?;
    let parameters = || -> Result<TlsParameters, CentralError> {
        let mut builder = TlsParameters::builder(server.host.clone());
        if !server.authorities.is_empty() {
            let read = Certificate::from_pem(&server.authorities);
            builder = builder.add_root_certificate(read.map_err(wrong("reading central.mail_authorities_file"))?);
        }
        builder.build_rustls().map_err(wrong("preparing TLS for mail"))
    };
    let tls = match server.encryption {
        Encryption::None => Tls::None,
        Encryption::Tls => Tls::Wrapper(parameters()?),
        Encryption::StartTls => Tls::Required(parameters()?),
    };
    let mut builder = Transport::builder_dangerous(server.host.clone())
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::Domain(from.email.domain().to_owned()))
        .timeout(Some(server.patience));
    if let Some((user, password)) = &server.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(Way { transport: builder.build(), from, patience: server.patience })
}

/// Whether mail can go out as the settings say, as far as that can be told without the network.
///
/// # Errors
/// [`CentralError::Inner`] that names the setting.
pub(super) fn check(server: &MailServer) -> Res<()> {
    way(server).map(|_| ())
}

impl Mail {
    /// One that sends for this server; without a mail server it sends nothing, and what waits, waits.
    pub fn of(shared: &Arc<Shared>) -> Mail {
        let way = shared.mail.as_ref().map(way).transpose().unwrap_or_else(|error| {
            tracing::error!(%error, "mail cannot be sent");
            None
        });
        Mail { shared: Arc::clone(shared), way: way.map(Arc::new) }
    }
}

impl Sender for Mail {
    const WHAT: &'static str = "messages";

    fn wake(shared: &Shared) -> &Notify {
        &shared.wake_mail
    }

    async fn look(&mut self, lanes: &mut Lanes) -> Res<Duration> {
        let Some(way) = &self.way else { return Ok(LOOK_MAX) };
        let store = &self.shared.store;
        let site = store.site();
        while lanes.count() < AT_ONCE {
            let now_ms = store.now().0;
            let Some(next_ms) = store.read(move |tx| service::next_due_ms(tx, site, now_ms)).await? else { break };
            if next_ms > now_ms {
                return Ok(until(now_ms, next_ms));
            }
            let (house, host) = (self.shared.house.clone(), way.from.email.domain().to_owned());
            let claim = store.db().write(move |tx| service::due(tx, site, &house, &host, now_ms));
            // One that could not be written is given up and holds up no other.
            let Some(message) = claim.await? else { continue };
            lanes.start(message.id.clone(), send(Arc::clone(&self.shared), Arc::clone(way), message));
        }
        Ok(LOOK_MAX)
    }
}

/// Sends one message and notes what it met.
async fn send(shared: Arc<Shared>, way: Arc<Way>, message: Claimed) {
    let began = Instant::now();
    let mut met = post(&way, &message).await;
    met.took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    if met.outcome != Outcome::Sent {
        // The answer may name the address, so only the word for it is logged.
        tracing::warn!(message = message.id, fault = met.fault, status = met.status, "a message was not sent");
    }
    let id = message.id.clone();
    if let Err(error) = shared.store.write(Actor::Job("mail"), move |work| service::met(work, &id, &met)).await {
        tracing::error!(%error, message = message.id, "what became of a message could not be noted; it is sent again");
    }
    shared.wake_mail.notify_one();
}

fn met(outcome: Outcome, fault: &'static str) -> Met {
    Met { outcome, status: None, fault, answer: String::new(), took_ms: 0 }
}

async fn post(way: &Way, message: &Claimed) -> Met {
    let Some(mail) = written(way, message) else { return met(Outcome::Never, "address") };
    match tokio::time::timeout(way.patience, way.transport.send(mail)).await {
        Err(_) => met(Outcome::Later, "timeout"),
        Ok(Ok(answer)) => {
            let status = answer.code().to_string().parse().ok();
            let answer = answer.message().collect::<Vec<_>>().join(" ");
            Met { status, answer, ..met(Outcome::Sent, "") }
        }
        Ok(Err(error)) => refused(&error),
    }
}

/// What an error means: a refusal for good is not tried again, everything else is.
fn refused(error: &Error) -> Met {
    let answer = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let status: Option<u16> = error.status().and_then(|code| code.to_string().parse().ok());
    let (outcome, fault) = match status {
        Some(code) if LOGIN_CODES.contains(&code) => (Outcome::Later, "login"),
        Some(_) if error.is_permanent() => (Outcome::Never, "refused"),
        Some(_) => (Outcome::Later, "later"),
        None if error.is_timeout() => (Outcome::Later, "timeout"),
        None if error.is_tls() || within_tls(error) => (Outcome::Later, "tls"),
        // What the library itself refuses has only words.
        None if answer.contains("STARTTLS") => (Outcome::Later, "tls"),
        None if answer.contains("authentication") => (Outcome::Later, "login"),
        None if answer.contains("non-ascii") => (Outcome::Never, "address"),
        None => (Outcome::Later, "connect"),
    };
    Met { status, answer, ..met(outcome, fault) }
}

/// Whether an error comes from a handshake that did not hold.
fn within_tls(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| wrapped.is::<rustls::Error>()) {
            return true;
        }
        source = inner.source();
    }
    false
}

/// The message as it goes over the wire: plain text, and the same as simple HTML.
fn written(way: &Way, message: &Claimed) -> Option<Message> {
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let mut mail = Message::builder()
        .from(way.from.clone())
        .to(message.to.parse().ok()?)
        .subject(message.subject.clone())
        .message_id(Some(message.message_id.clone()))
        .multipart(MultiPart::alternative_plain_html(message.body.clone(), page(&message.body).into_string()))
        .ok()?;
    // No absence note answers it.
    mail.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
    Some(mail)
}

/// A text as a page of HTML.
fn page(text: &str) -> Markup {
    html! {
        (DOCTYPE)
        html {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1"; }
            body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em;margin:1em" { (markup(text)) }
        }
    }
}

/// A text as markup: a paragraph for every block, a link for every address. Everything else is only text.
pub(super) fn markup(text: &str) -> Markup {
    html! {
        @for block in text.split("\n\n") {
            p {
                @for (place, line) in block.lines().enumerate() {
                    @if place > 0 { br; }
                    @for (place, word) in line.split(' ').enumerate() {
                        @if place > 0 { " " }
                        @let (address, rest) = address(word);
                        @if address.is_empty() { (word) } @else { a href=(address) rel="noreferrer" { (address) } (rest) }
                    }
                }
            }
        }
    }
}

/// The address a word is, and what stands behind it; empty for a word that is none.
fn address(word: &str) -> (&str, &str) {
    if !word.starts_with("https://") && !word.starts_with("http://") {
        return ("", word);
    }
    word.split_at(word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_paragraphs_and_links_and_nothing_else() {
        let text = "Hello <b>A. Buyer</b>,\nsee https://x.example/track/a?b=1&c=2.\n\njavascript:alert(1)";
        let wanted = "<p>Hello &lt;b&gt;A. Buyer&lt;/b&gt;,<br>see \
            <a href=\"https://x.example/track/a?b=1&amp;c=2\" rel=\"noreferrer\">https://x.example/track/a?b=1&amp;c=2</a>.</p>\
            <p>javascript:alert(1)</p>";
        assert_eq!(markup(text).into_string(), wanted);
    }

    fn server() -> MailServer {
        MailServer {
            host: "localhost".to_owned(),
            port: 25,
            encryption: Encryption::None,
            login: None,
            from: "Packbench <orders@example.com>".to_owned(),
            authorities: Vec::new(),
            patience: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_message_has_one_of_every_header_whatever_is_in_it() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let way = way(&server()).unwrap();
        let claimed = Claimed {
            id: "1".to_owned(),
            message_id: "<1@example.com>".to_owned(),
            to: "buyer@example.com".to_owned(),
            subject: "Заказ №1\r\nBcc: thief@example.com".to_owned(),
            body: "Hello\n\n.\nBcc: thief@example.com".to_owned(),
        };
        let text = String::from_utf8(written(&way, &claimed).unwrap().formatted()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        for name in ["From: ", "To: ", "Subject: ", "Message-ID: ", "Date: ", "Auto-Submitted: "] {
            assert_eq!(head.lines().filter(|line| line.starts_with(name)).count(), 1, "{name}: {head}");
        }
        let wrong = Claimed { to: "a@example.com, b@example.com".to_owned(), ..claimed };
        assert!(written(&way, &wrong).is_none());
        assert!(super::way(&MailServer { from: "nobody".to_owned(), ..server() }).is_err());
    }
}
