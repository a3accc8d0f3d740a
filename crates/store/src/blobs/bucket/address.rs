use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, RetryConfig};

use super::client::failed;
use super::http::Http;
use super::{Provider, profile};
use crate::{Error, Result};

/// How long a request is tried again; then the client is told, and tries again itself.
const RETRIES: usize = 4;
const RETRY_TIME: Duration = Duration::from_secs(15);

/// What credentials and endpoints are named by in the environment.
const SETTINGS: [&str; 5] = ["AWS_", "AZURE_", "GOOGLE_", "MLFLOW_S3_", "SSL_CERT_FILE"];

/// What leads to a place of one's own, such as a server within a company.
const ENDPOINTS: [&str; 8] = [
    "MLFLOW_S3_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT",
    "GOOGLE_BASE_URL",
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_STORAGE_USE_EMULATOR",
];

/// A place in an object store, and how it is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    address: String,
    /// Names and values of the environment.
    settings: Vec<(String, String)>,
}

impl Bucket {
    /// The bucket at `s3://`, `gs://`, `az://`, `wasbs://` or `abfss://`, with what the environment says of credentials
    /// and endpoints: `AWS_…`, `GOOGLE_…`, `AZURE_…`, `MLFLOW_S3_ENDPOINT_URL`, `SSL_CERT_FILE`; and of Amazon's with what
    /// a profile in `~/.aws` adds.
    pub fn of_environment(address: &str) -> Self {
        let settings = env::vars_os().filter_map(|(name, value)| {
            let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
            (SETTINGS.iter().any(|known| name.starts_with(known)) && !value.is_empty())
                .then_some((name, value))
        });
        let profile = matches!(kind(address), Some(Kind::S3)).then(profile::settings).unwrap_or_default();
        Self { address: address.to_owned(), settings: settings.chain(profile).collect() }
    }

    /// The bucket with these settings instead, by the names that they have in the environment.
    pub fn with_settings<N: Into<String>, V: Into<String>>(
        address: &str,
        settings: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let settings = settings.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { address: address.to_owned(), settings: settings.collect() }
    }

    /// As it was given. Credentials are not in it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether it is where its provider has all buckets: any client reaches that.
    pub(super) fn is_public(&self) -> bool {
        self.setting(&ENDPOINTS).is_none()
    }

    /// Whether it is Azure's, where parts are blocks that whoever sends them names.
    pub(super) fn takes_blocks(&self) -> bool {
        matches!(kind(&self.address), Some(Kind::Azure))
    }

    /// The value of the first of these settings that is given.
    fn setting(&self, names: &[&str]) -> Option<&str> {
        let value = |name: &&str| self.settings.iter().find(|(known, _)| known == name);
        names.iter().find_map(value).map(|(_, value)| value.as_str())
    }

    /// Settings that begin with `prefix` and that the provider knows.
    fn known<K: std::str::FromStr>(&self, prefix: &str) -> impl Iterator<Item = (K, &str)> {
        let of_provider = self.settings.iter().filter(move |(name, _)| name.starts_with(prefix));
        of_provider
            .filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.as_str())))
    }

    /// The place within the bucket.
    pub(super) fn prefix(&self) -> Result<Path> {
        let (_, rest) = self.address.split_once("://").unwrap_or_default();
        let (_, prefix) = rest.split_once('/').unwrap_or_default();
        Path::parse(prefix).map_err(|error| self.wrong(&error.to_string()))
    }

    pub(super) fn provider(&self) -> Result<Arc<dyn Provider>> {
        let http = Http::new(self.setting(&["AWS_CA_BUNDLE", "SSL_CERT_FILE"]).map(PathBuf::from))?;
        let built: object_store::Result<Arc<dyn Provider>> = match kind(&self.address) {
            Some(Kind::S3) => self.s3(http).build().map(|built| Arc::new(built) as _),
            Some(Kind::Google) => self.google(http).build().map(|built| Arc::new(built) as _),
            Some(Kind::Azure) => self.azure(http).build().map(|built| Arc::new(built) as _),
            None => return Err(self.wrong("it is no address of a bucket")),
        };
        built.map_err(|error| failed(&format!("use the bucket {}", self.address), &error))
    }

    fn s3(&self, http: Http) -> AmazonS3Builder {
        let empty = AmazonS3Builder::new().with_retry(retries()).with_http_connector(http);
        let known = self.known("AWS_").fold(empty, |builder, (key, value)| builder.with_config(key, value));
        let known = known.with_url(self.address.replacen("s3a://", "s3://", 1));
        match self.setting(&["MLFLOW_S3_ENDPOINT_URL"]) {
            Some(url) => known.with_endpoint(url),
            None => known,
        }
    }

    fn google(&self, http: Http) -> GoogleCloudStorageBuilder {
        let empty = GoogleCloudStorageBuilder::new().with_retry(retries()).with_http_connector(http);
        let known =
            self.known("GOOGLE_").fold(empty, |builder, (key, value)| builder.with_config(key, value));
        known.with_url(&self.address)
    }

    fn azure(&self, http: Http) -> MicrosoftAzureBuilder {
        let empty = MicrosoftAzureBuilder::new().with_retry(retries()).with_http_connector(http);
        let known = self.known("AZURE_").fold(empty, |builder, (key, value)| builder.with_config(key, value));
        let rest = self.address.split_once("://").map_or("", |(_, rest)| rest);
        let scheme =
            if rest.split('/').next().is_some_and(|host| host.contains('@')) { "abfss" } else { "az" };
        let known = known.with_url(format!("{scheme}://{rest}"));
        let Some(connection) = self.setting(&["AZURE_STORAGE_CONNECTION_STRING"]) else { return known };
        connection.split(';').filter_map(|part| part.split_once('=')).fold(
            known,
            |builder, part| match part {
                ("AccountName", name) => builder.with_account(name),
                ("AccountKey", key) => builder.with_access_key(key),
                ("BlobEndpoint", url) => builder.with_endpoint(url.trim_end_matches('/').to_owned()),
                _ => builder,
            },
        )
    }

    fn wrong(&self, reason: &str) -> Error {
        Error::invalid(format!(
            "'{}' cannot be used for artifacts: {reason}. Write s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, \
             az://CONTAINER/PREFIX or wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/PREFIX.",
            self.address
        ))
    }
}

enum Kind {
    S3,
    Google,
    Azure,
}

fn kind(address: &str) -> Option<Kind> {
    match address.split_once("://")?.0 {
        "s3" | "s3a" => Some(Kind::S3),
        "gs" => Some(Kind::Google),
        "az" | "azure" | "wasb" | "wasbs" | "abfs" | "abfss" => Some(Kind::Azure),
        _ => None,
    }
}

/// Whether this is the address of a bucket.
pub fn is_bucket(address: &str) -> bool {
    kind(address).is_some()
}

fn retries() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES, retry_timeout: RETRY_TIME }
}

/// As it may be shown: without settings, which may be secrets.
impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({})", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_address_leads_to_a_place() {
        let account = [("AZURE_STORAGE_ACCOUNT_NAME", "a"), ("AZURE_STORAGE_ACCESS_KEY", "c2VjcmV0")];
        for address in [
            "s3://b/p/q",
            "s3a://b/p/q/",
            "gs://b/p/q",
            "az://c/p/q",
            "wasbs://c@a.blob.core.windows.net/p/q",
            "abfss://c@a.dfs.core.windows.net/p/q",
        ] {
            let bucket = Bucket::with_settings(address, account);
            assert!(is_bucket(address), "{address}");
            assert_eq!(bucket.prefix().unwrap().as_ref(), "p/q", "{address}");
            assert!(bucket.provider().is_ok(), "{address}");
        }
        for address in ["/srv/artifacts", "file:///srv", "hdfs://h/p", "s3:b", "http://b/p"] {
            assert!(!is_bucket(address), "{address}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        let odd = Bucket::with_settings("s3://b/p//q", [("", "")]).prefix().unwrap_err();
        assert!(odd.message.contains("s3://b/p//q") && odd.message.contains("s3://BUCKET/PREFIX"), "{odd}");
        let lost = Bucket::with_settings("wasbs://c@a.example.org/p", [("", "")]).provider();
        assert!(lost.is_err_and(|error| error.message.contains("wasbs://c@a.example.org/p")));
        let certificates = [("SSL_CERT_FILE", "/none/such.pem")];
        let untrusted = Bucket::with_settings("s3://b", certificates).provider();
        assert!(untrusted.is_err_and(|error| error.message.contains("/none/such.pem")));
    }

    #[test]
    fn settings_are_not_shown() {
        let bucket = Bucket::with_settings("s3://b", [("AWS_SECRET_ACCESS_KEY", "hidden")]);
        assert_eq!(format!("{bucket:?}"), "Bucket(s3://b)");
        assert!(bucket.is_public() && !bucket.takes_blocks());
        assert!(!Bucket::with_settings("s3://b", [("AWS_ENDPOINT_URL", "http://minio")]).is_public());
    }
}
