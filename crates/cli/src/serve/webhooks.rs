use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;
use trackline_server::WebhookRules;
use trackline_store::authorities;

use crate::failure::Failure;

/// Where webhooks may be, and how patiently they are told. The variables of the environment are MLflow's.
#[derive(Debug, Args)]
pub(crate) struct WebhookArgs {
    /// Webhooks may be on this machine and in its networks, too: whoever may register one can make the server call
    /// whatever it reaches there
    #[arg(
        long = "webhooks-to-private-addresses",
        env = "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS",
        hide_env_values = true,
        value_parser = BoolishValueParser::new()
    )]
    private: bool,
    /// The schemes of the addresses of webhooks, separated by commas
    #[arg(
        long = "webhook-schemes",
        env = "MLFLOW_WEBHOOK_ALLOWED_SCHEMES",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "SCHEMES",
        default_value = "https"
    )]
    schemes: Vec<String>,
    #[arg(
        long = "webhook-timeout",
        hide = true,
        env = "MLFLOW_WEBHOOK_REQUEST_TIMEOUT",
        default_value_t = 30
    )]
    timeout: u64,
    #[arg(
        long = "webhook-retries",
        hide = true,
        env = "MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES",
        default_value_t = 3
    )]
    retries: u32,
    /// The authorities that webhooks may have certificates of, in a PEM file or a folder of such files, instead of
    /// the public ones
    #[arg(
        long = "webhook-certificates",
        env = "REQUESTS_CA_BUNDLE",
        hide_env_values = true,
        value_name = "PLACE"
    )]
    certificates: Option<PathBuf>,
}

impl WebhookArgs {
    /// # Errors
    /// For certificates that cannot be read.
    pub(super) fn rules(&self) -> Result<WebhookRules, Failure> {
        let given = self.certificates.as_deref().filter(|file| !file.as_os_str().is_empty());
        let certificates = given.map(authorities).transpose()?;
        Ok(WebhookRules {
            schemes: self.schemes.iter().map(|scheme| scheme.trim().to_lowercase()).collect(),
            private: self.private,
            timeout: Duration::from_secs(self.timeout),
            retries: self.retries,
            authorities: certificates.unwrap_or_else(|| WebhookRules::default().authorities),
        })
    }
}
