//! Cameras on HTTP: one picture per request (snapshot), or a running stream of JPEG pictures (MJPEG). Must never log an
//! address (it may hold a password) and never trust a Content-Type.

use std::collections::VecDeque;
use std::io::Read;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};

use super::jpeg::Splitter;
use super::{CameraPort, PHOTO_BYTES_MAX, Photo, PhotoFailure, told};
use crate::devices::bay::Bay;
use crate::devices::config::{MjpegCameraConfig, SnapshotCameraConfig};
use crate::devices::event::{DeviceCommand, Doing, LostReason};
use crate::devices::http::lost_reason;
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};
use crate::devices::tap;

/// Redirects followed; a login page behind more is no picture anyway.
const REDIRECTS_MAX: usize = 3;
/// Bytes taken in one read.
const READ_BYTES: usize = 64 * 1024;
/// Photo requests that may wait for the next picture of a stream.
const REQUESTS_MAX: usize = 8;

/// A client for one camera on the local network. The time limit holds for connecting and for each read.
fn client(url: &str, wait_ms: u64) -> Result<Client, LostReason> {
    let wait = Duration::from_millis(wait_ms);
    let builder = if url.starts_with("https://") {
        Client::builder()
    } else {
        // A machine without certificates must still reach a camera that needs none; with the system's roots the client
        // could not even be set up there.
        Client::builder().tls_certs_only([])
    };
    builder
        .timeout(wait)
        .connect_timeout(wait)
        .redirect(reqwest::redirect::Policy::limited(REDIRECTS_MAX))
        // A camera stands beside the station; a proxy of the company's network does not reach it.
        .no_proxy()
        .build()
        .map_err(|error| {
            tracing::error!(error = %error.without_url(), "the HTTP client could not be set up");
            LostReason::Io
        })
}

fn get(client: &Client, url: &str) -> Result<Response, PhotoFailure> {
    let response = client.get(url).header("Accept", "image/jpeg, image/png, */*;q=0.5").send();
    let response = response.map_err(|error| PhotoFailure::NotThere(lost_reason(&error)))?;
    let status = response.status();
    if status.is_success() { Ok(response) } else { Err(PhotoFailure::HttpStatus(status.as_u16())) }
}

fn lost(failure: PhotoFailure) -> LostReason {
    match failure {
        PhotoFailure::NotThere(reason) => reason,
        PhotoFailure::Timeout => LostReason::Timeout,
        PhotoFailure::HttpStatus(401 | 403) => LostReason::NotPermitted,
        PhotoFailure::HttpStatus(404) => LostReason::NotFound,
        PhotoFailure::HttpStatus(_)
        | PhotoFailure::TooLarge
        | PhotoFailure::NotAPicture
        | PhotoFailure::BadSides
        | PhotoFailure::NoNewPicture => LostReason::BadAnswer,
    }
}

/// One picture per request.
pub(crate) struct SnapshotCamera {
    config: SnapshotCameraConfig,
    client: Option<Client>,
}

impl SnapshotCamera {
    pub(crate) fn new(config: SnapshotCameraConfig) -> Self {
        Self { config, client: None }
    }
}

impl CameraPort for SnapshotCamera {
    fn take(&mut self) -> Result<Photo, PhotoFailure> {
        let client = match self.client.take() {
            Some(client) => client,
            None => client(&self.config.url, self.config.answer_ms_max).map_err(PhotoFailure::NotThere)?,
        };
        let client = self.client.insert(client);
        let until = Instant::now() + Duration::from_millis(self.config.answer_ms_max);
        let mut response = get(client, &self.config.url)?;
        let mut bytes = Vec::new();
        let mut buf = vec![0u8; READ_BYTES];
        loop {
            // Each read is bounded by the client; this bounds a camera that drips.
            if Instant::now() > until {
                return Err(PhotoFailure::Timeout);
            }
            match response.read(&mut buf) {
                Ok(0) => return super::check(bytes),
                Ok(n) => bytes.extend_from_slice(buf.get(..n).unwrap_or_default()),
                Err(error) => return Err(read_failure(&error)),
            }
            if bytes.len() > PHOTO_BYTES_MAX {
                return Err(PhotoFailure::TooLarge);
            }
        }
    }

    fn check(&mut self) -> Result<(), LostReason> {
        self.take().map(|_| ()).map_err(lost)
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }
}

/// A read that failed in the middle of an answer.
fn read_failure(error: &std::io::Error) -> PhotoFailure {
    if error.kind() == std::io::ErrorKind::TimedOut {
        return PhotoFailure::Timeout;
    }
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    match inner.map(lost_reason) {
        Some(LostReason::Timeout) => PhotoFailure::Timeout,
        Some(reason) => PhotoFailure::NotThere(reason),
        None => PhotoFailure::NotThere(LostReason::Disconnected),
    }
}

/// A running stream. It is read all the time, so that the next picture after a request is of now, not of a buffer.
pub(crate) struct MjpegCamera {
    config: MjpegCameraConfig,
}

impl MjpegCamera {
    pub(crate) fn new(config: MjpegCameraConfig) -> Self {
        Self { config }
    }

    fn stream(&self, bay: &mut Bay, waiting: &mut VecDeque<String>) -> End {
        let wait = Duration::from_millis(self.config.frame_ms_max);
        let opened = client(&self.config.url, self.config.frame_ms_max).map_err(PhotoFailure::NotThere);
        let mut response = match opened.and_then(|client| get(&client, &self.config.url)) {
            Ok(response) => response,
            Err(failure) => return End::Lost(lost(failure)),
        };
        let mut splitter = Splitter::new(PHOTO_BYTES_MAX);
        let mut buf = vec![0u8; READ_BYTES];
        let mut pictures = Vec::new();
        let mut last = Instant::now();
        loop {
            match response.read(&mut buf) {
                Ok(0) => return End::Lost(LostReason::Disconnected),
                Ok(n) => splitter.push(buf.get(..n).unwrap_or_default(), &mut pictures),
                Err(error) => return End::Lost(lost(read_failure(&error))),
            }
            if pictures.is_empty() && last.elapsed() > wait {
                return End::Lost(LostReason::BadAnswer);
            }
            for bytes in pictures.drain(..) {
                last = Instant::now();
                match super::check(bytes) {
                    Ok(photo) => {
                        tap::heard(&photo.bytes);
                        bay.ready();
                        for request in waiting.drain(..) {
                            told(bay, request, Ok(photo.clone()));
                        }
                    }
                    // The next picture of the stream may be whole.
                    Err(failure) => tracing::debug!(why = failure.code(), "a picture of the stream was skipped"),
                }
            }
            // Requests are taken after the pictures: each gets a picture that was completed after it was asked for.
            while waiting.len() < REQUESTS_MAX {
                match bay.wait_command(Duration::ZERO) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout => break,
                    Taken::Item(DeviceCommand::TakePhoto { request, .. }) => {
                        bay.busy(Doing::Capturing);
                        waiting.push_back(request);
                    }
                    Taken::Item(_) => {}
                }
            }
        }
    }
}

impl Driver for MjpegCamera {
    fn session(&mut self, bay: &mut Bay) -> End {
        let mut waiting = VecDeque::new();
        let end = self.stream(bay, &mut waiting);
        let why = match end {
            End::Stopped => PhotoFailure::NotThere(LostReason::Disconnected),
            End::Lost(LostReason::Timeout) => PhotoFailure::Timeout,
            End::Lost(reason) => PhotoFailure::NotThere(reason),
        };
        for request in waiting {
            told(bay, request, Err(why));
        }
        end
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let DeviceCommand::TakePhoto { request, .. } = command {
            told(bay, request, Err(PhotoFailure::NotThere(LostReason::Disconnected)));
        }
        Offline::KeepWaiting
    }
}
