//! TLS to PostgreSQL by rustls, with the meaning that libpq gives to `sslmode`.
//!
//! Never weaker than asked for: only `prefer` and a bare `require` accept any certificate, because PostgreSQL servers
//! mostly have self-signed ones and libpq does the same; even then the server must own the certificate's key.

use super::{
    error::{Cause, Res, SqlError},
    url::{PgAddress, SslMode},
};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{path::Path, sync::Arc};

/// What of a certificate is verified.
#[derive(Debug)]
enum Trust {
    /// Nothing but that the server owns it.
    Any,
    /// That a known authority signed it, for whatever name.
    Authority(Arc<WebPkiServerVerifier>),
    /// That a known authority signed it for this host.
    Full(Arc<WebPkiServerVerifier>),
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let (by, name_matters) = match &self.trust {
            Trust::Any => return Ok(ServerCertVerified::assertion()),
            Trust::Authority(by) => (by, false),
            Trust::Full(by) => (by, true),
        };
        // The name is the last thing webpki looks at, so a wrong name means that the chain is good.
        match by.verify_server_cert(end_entity, intermediates, server_name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !name_matters => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn refused(what: String) -> SqlError {
    SqlError::Address { what }
}

/// The certificates of `sslrootcert`, or those of the operating system.
fn authorities(file: Option<&Path>) -> Res<RootCertStore> {
    let mut store = RootCertStore::empty();
    match file {
        Some(path) => {
            let unreadable = || refused(format!("sslrootcert {} holds no readable certificate", path.display()));
            for cert in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
                let cert = cert.map_err(|_| unreadable())?;
                store.add(cert).map_err(|_| unreadable())?;
            }
            if store.is_empty() {
                return Err(unreadable());
            }
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
            if store.is_empty() {
                return Err(refused(
                    "the operating system has no trusted certificates; install ca-certificates or name a file in sslrootcert"
                        .to_owned(),
                ));
            }
        }
    }
    Ok(store)
}

/// The TLS settings an address asks for; `None` for `sslmode=disable`.
///
/// # Errors
/// [`SqlError::Address`] if there are no trusted certificates to verify with.
pub(super) fn config(address: &PgAddress) -> Res<Option<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let known = || -> Res<Arc<WebPkiServerVerifier>> {
        let roots = Arc::new(authorities(address.ssl_root_cert())?);
        WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| refused(format!("its certificates cannot be used: {error}")))
    };
    let trust = match (address.ssl_mode(), address.ssl_root_cert()) {
        (SslMode::Disable, _) => return Ok(None),
        (SslMode::Prefer, _) | (SslMode::Require, None) => Trust::Any,
        (SslMode::Require, Some(_)) | (SslMode::VerifyCa, _) => Trust::Authority(known()?),
        (SslMode::VerifyFull, _) => Trust::Full(known()?),
    };
    let verifier = Verifier { trust, provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SqlError::Other { what: "TLS cannot be set up".to_owned(), source: Cause::new(error) })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Some(config))
}
