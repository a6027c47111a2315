//! The console's TLS certificate: read from files, or self-signed at the first start.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use time::{Duration, OffsetDateTime};

use crate::secret::sha256_hex;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// One of the pair is there and the other isn't.
    #[error(
        "{there} is there but {missing} is not; restore it, or remove both for a new self-signed pair"
    )]
    HalfAPair {
        /// The file that exists.
        there: PathBuf,
        /// The file that doesn't.
        missing: PathBuf,
    },
    /// A file can't be written.
    #[error("{path} can't be written; check that its folder exists and is writable")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file holds no PEM of the right kind.
    #[error("{path} can't be read as PEM; it must hold {wanted}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it must hold.
        wanted: &'static str,
        /// What was wrong.
        source: rustls::pki_types::pem::Error,
    },
    /// A name in `certificate_names` can't stand in a certificate, or key generation failed.
    #[error("no self-signed certificate could be made; check `certificate_names`")]
    SelfSign(#[from] rcgen::Error),
    /// Certificate and key don't belong together or use an unknown algorithm.
    #[error("certificate and key can't be used together; check that they are a pair")]
    Pair(#[from] rustls::Error),
}

/// Certificate chain and key, with the fingerprint that robots pin.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    fingerprint: String,
}

impl Identity {
    /// Reads the pair; when both files are absent, makes a self-signed one (ECDSA P-256, ten
    /// years, for this host's name, `localhost` and `names`), files with mode 0600.
    pub fn load_or_create(
        certificate: &Path,
        key: &Path,
        names: &[String],
    ) -> Result<Self, TlsError> {
        let half = |there: &Path, missing: &Path| TlsError::HalfAPair {
            there: there.to_owned(),
            missing: missing.to_owned(),
        };
        match (certificate.exists(), key.exists()) {
            (true, true) => {}
            (false, false) => create(certificate, key, names)?,
            (true, false) => return Err(half(certificate, key)),
            (false, true) => return Err(half(key, certificate)),
        }
        Self::load(certificate, key)
    }

    fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let pem = |path: &Path, wanted, source| TlsError::Pem {
            path: path.to_owned(),
            wanted,
            source,
        };
        let wanted = "a certificate chain, the server's own first";
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| pem(certificate, wanted, source))?;
        let first = chain.first().ok_or_else(|| {
            pem(
                certificate,
                wanted,
                rustls::pki_types::pem::Error::NoItemsFound,
            )
        })?;
        let fingerprint = sha256_hex(first);
        let key = PrivateKeyDer::from_pem_file(key)
            .map_err(|source| pem(key, "a private key", source))?;
        Ok(Self {
            chain,
            key,
            fingerprint,
        })
    }

    /// SHA-256 over the certificate's DER: 64 lower-case hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// TLS 1.2 and 1.3 with the ring provider, HTTP/1.1 only (WebSockets need it).
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn create(certificate: &Path, key: &Path, names: &[String]) -> Result<(), TlsError> {
    let mut subject_names = vec!["localhost".to_owned(), "127.0.0.1".into(), "::1".into()];
    subject_names.extend(host_name());
    subject_names.extend(names.iter().cloned());
    subject_names.dedup();

    let mut params = CertificateParams::new(subject_names)?;
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(3650);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
        .distinguished_name
        .push(DnType::CommonName, "Madoguchi console");
    let pair = KeyPair::generate()?;
    let signed = params.self_signed(&pair)?;

    write_private(key, &pair.serialize_pem())?;
    write_private(certificate, &signed.pem())
}

fn host_name() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    let usable = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    (usable && !name.is_empty()).then(|| name.to_owned())
}

fn write_private(path: &Path, text: &str) -> Result<(), TlsError> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .map_err(|source| TlsError::Write {
            path: path.to_owned(),
            source,
        })
}
