//! `packbench central`: serving, and what an operator does beside it. All writing goes through central's own services.

mod carry;
mod import;
mod people;
mod serve;

use super::args::{CentralArgs, CentralCommand, ImportCommand, UserCommand};
use super::error::out;
use super::settings;
use super::{Cli, CliError, log};
use crate::central::actor::Actor;
use crate::central::services::stations;
use crate::central::services::users::SessionLimits;
use crate::central::store::schema;
use crate::central::store::sites::NewSite;
use crate::central::{Central, Encryption, MailServer, Settings};
use crate::config::{CentralSettings, Database, MailEncryption, MailSettings};
use crate::sql::Target;
use std::process::ExitCode;
use std::time::Duration;

/// Who acts, in the server's own record.
const ACTOR: Actor = Actor::Job("cli");

/// Longest time for one mail.
const MAIL_PATIENCE: Duration = Duration::from_secs(60);

/// Runs a subcommand.
///
/// # Errors
/// Whatever it failed at, with what to do.
pub(super) fn run(cli: &Cli, args: &CentralArgs) -> Result<ExitCode, CliError> {
    settings::keep_files_private();
    let listen = match &args.command {
        CentralCommand::Serve { listen } => listen.as_deref(),
        CentralCommand::Migrate
        | CentralCommand::Import { .. }
        | CentralCommand::Backup { .. }
        | CentralCommand::Restore { .. }
        | CentralCommand::Move { .. }
        | CentralCommand::ResumeWork
        | CentralCommand::User { .. }
        | CentralCommand::StationCode { .. }
        | CentralCommand::StationRevoke { .. } => None,
    };
    let flags = [
        ("central.data_dir", "--data-dir", args.data_dir.as_deref()),
        ("central.database", "--database", args.database.as_deref()),
        ("central.log_filter", "--log-filter", args.log_filter.as_deref()),
        ("central.listen", "--listen", listen),
    ];
    let settings = settings::load(cli, &flags)?.central()?;
    log::start("central.log_filter", &settings.log_filter)?;
    match &args.command {
        CentralCommand::Serve { .. } => serve::serve(&settings)?,
        CentralCommand::Migrate => migrate(&settings)?,
        CentralCommand::Import { command: ImportCommand::OnlineRetail { file, json } } => {
            import::online_retail(&settings, file, *json)?;
        }
        CentralCommand::Backup { file, photos } => carry::back_up(&settings, file, *photos)?,
        CentralCommand::Restore { file } => carry::restore(&settings, file)?,
        CentralCommand::Move { from, to, photos_to } => {
            carry::move_site(&settings, from.as_deref(), to, photos_to.as_deref())?;
        }
        CentralCommand::ResumeWork => carry::resume(&settings)?,
        CentralCommand::User { command: UserCommand::Add(new) } => people::add(&settings, new)?,
        CentralCommand::StationCode { name, role } => station_code(&settings, name, role)?,
        CentralCommand::StationRevoke { name } => station_revoke(&settings, name)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the database is.
pub(super) fn target(settings: &CentralSettings) -> Result<Target, CliError> {
    match &settings.database {
        Database::Sqlite(path) => Ok(Target::Sqlite(path.clone())),
        Database::Postgres(address) => address
            .reveal()
            .parse()
            .map_err(|e: crate::sql::SqlError| CliError::room("the address of the database cannot be used", "", e)),
    }
}

/// Where photos and other files are.
fn photos(settings: &CentralSettings) -> std::path::PathBuf {
    settings.data_dir.join("photos")
}

/// What central is started with.
fn started_with(settings: &CentralSettings) -> Result<Settings, CliError> {
    let mut with = Settings::new(target(settings)?, photos(settings));
    with.first_site = NewSite { zone: settings.zone.clone(), ..NewSite::default() };
    with.secure_cookies = settings.public_url.starts_with("https://");
    with.sessions = SessionLimits {
        life_ms: i64::from(settings.sessions.hours) * 60 * 60 * 1000,
        idle_ms: i64::from(settings.sessions.idle_minutes) * 60 * 1000,
        each_max: settings.sessions.per_user_max,
    };
    with.webhooks_private = settings.webhooks_private;
    with.trusted_proxies.clone_from(&settings.trusted_proxies);
    with.public_url.clone_from(&settings.public_url);
    with.mail = settings.mail.as_ref().map(mail_server).transpose()?;
    Ok(with)
}

/// The mail server as central takes it.
fn mail_server(mail: &MailSettings) -> Result<MailServer, CliError> {
    let authorities = match &mail.authorities {
        None => Vec::new(),
        Some(file) => std::fs::read(file)
            .map_err(|source| CliError::System { what: format!("{} cannot be read", file.display()), source })?,
    };
    Ok(MailServer {
        host: mail.host.clone(),
        port: mail.port,
        encryption: match mail.encryption {
            MailEncryption::None => Encryption::None,
            MailEncryption::Tls => Encryption::Tls,
            MailEncryption::StartTls => Encryption::StartTls,
        },
        login: mail.login.as_ref().map(|(user, password)| (user.clone(), password.reveal().to_owned())),
        from: mail.from.clone(),
        authorities,
        patience: MAIL_PATIENCE,
    })
}

/// Opens central, migrating its database first.
fn open(settings: &CentralSettings) -> Result<Central, CliError> {
    settings::make_folder(&settings.data_dir)?;
    Central::open(&started_with(settings)?)
        .map_err(|e| CliError::room("central's database cannot be opened", "look at `packbench doctor`", e))
}

fn migrate(settings: &CentralSettings) -> Result<(), CliError> {
    settings::make_folder(&settings.data_dir)?;
    let with = started_with(settings)?;
    let (migrated, _) = schema::migrate(&with.database, &with.first_site, (with.clock)().0)
        .map_err(|e| CliError::room("the database was not migrated", "look at `packbench doctor`", e))?;
    let mut text = if migrated.from == migrated.to {
        format!("The database has schema version {} already.\n", migrated.to)
    } else {
        format!("The database was migrated from schema version {} to {}.\n", migrated.from, migrated.to)
    };
    if let Some(backup) = migrated.backup {
        text.push_str(&format!("The state before is kept in {}.\n", backup.display()));
    }
    out(&text)
}

fn station_code(settings: &CentralSettings, name: &str, role: &str) -> Result<(), CliError> {
    let central = open(settings)?;
    let (name, role) = (name.to_owned(), role.to_owned());
    let shown = name.trim().to_owned();
    let new = central
        .store()
        .write_blocking(ACTOR, move |work| stations::code(work, &name, &role))
        .map_err(|e| CliError::room("no code was made", "", e))?;
    let (left, right) = new.code.split_at(new.code.len() / 2);
    out(&format!(
        "{left} {right}\n\nThis code makes one machine the station \"{shown}\", once, until {}.\n\
         On that machine run `packbench station --central-url {}` and type it.\n",
        time(new.expires.0, &settings.zone),
        settings.public_url,
    ))
}

fn station_revoke(settings: &CentralSettings, name: &str) -> Result<(), CliError> {
    let central = open(settings)?;
    let (name, shown) = (name.trim().to_owned(), name.trim().to_owned());
    central
        .store()
        .write_blocking(ACTOR, move |work| {
            let id = stations::id_of_name(work.tx, work.ctx.site, &name)?;
            stations::revoke(work, &id)
        })
        .map_err(|e| CliError::room(format!("the station {shown:?} was not disconnected"), "", e))?;
    out(&format!("The station \"{shown}\" is disconnected; `packbench central station-code` pairs that name anew.\n"))
}

/// A point in time for people, in the site's zone.
fn time(utc_ms: i64, zone: &str) -> String {
    match jiff::Timestamp::from_millisecond(utc_ms).map(|t| t.in_tz(zone)) {
        Ok(Ok(at)) => at.strftime("%H:%M %Z").to_string(),
        Ok(Err(_)) | Err(_) => "ten minutes from now".to_owned(),
    }
}
