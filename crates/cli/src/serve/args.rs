use clap::{ArgAction, Args, ValueEnum};
use regex_lite::Regex;
use trackline_server::{Framing, Prefix};

use crate::args::StoreArgs;
use crate::serve::mlflow::MlflowArgs;
use crate::serve::webhooks::WebhookArgs;

/// `-h` is the host, as for `mlflow server`; `--help` alone helps.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct ServeArgs {
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// The address to listen on; 0.0.0.0 is every network this machine is in
    #[arg(long, short = 'h', env = "MLFLOW_HOST", hide_env_values = true, default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// The port to listen on
    #[arg(long, short, env = "MLFLOW_PORT", hide_env_values = true, default_value_t = 5000)]
    pub(crate) port: u16,
    /// Names by which browsers may call this machine, separated by commas; * is any text, as in *.example.com
    #[arg(
        long,
        env = "MLFLOW_SERVER_ALLOWED_HOSTS",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "NAMES"
    )]
    pub(crate) allowed_hosts: Vec<String>,
    /// Sites whose pages may use the server, separated by commas, such as https://app.example.com; * is every site
    #[arg(
        long,
        env = "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "ORIGINS"
    )]
    pub(crate) cors_allowed_origins: Vec<String>,
    /// Whose pages may show this one in a frame: its own, or with NONE all
    #[arg(
        long,
        env = "MLFLOW_SERVER_X_FRAME_OPTIONS",
        hide_env_values = true,
        ignore_case = true,
        hide_possible_values = true,
        value_name = "WHO",
        default_value = "SAMEORIGIN"
    )]
    pub(crate) x_frame_options: FrameOptions,
    /// Answer below this path, such as /mlflow, for a proxy that passes whole paths on
    #[arg(
        long,
        env = "MLFLOW_STATIC_PREFIX",
        hide_env_values = true,
        value_name = "PATH",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) static_prefix: Prefix,
    /// What every request must carry, as a bearer token or as the password of any user; several, separated by
    /// commas, while one takes the place of another
    ///
    /// Clients set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD; browsers ask. Better
    /// given in the environment than on the command line, where other users of this machine can read it.
    #[arg(
        long = "token",
        env = "TRACKLINE_SERVER_TOKEN",
        hide_env_values = true,
        value_delimiter = ',',
        value_name = "TOKENS"
    )]
    pub(crate) tokens: Vec<String>,
    /// Let other machines in without a token: whoever reaches the port may read and write
    #[arg(long, env = "TRACKLINE_SERVER_NO_AUTH", hide_env_values = true, value_parser = clap::builder::BoolishValueParser::new())]
    pub(crate) no_auth: bool,
    /// Answer by whatever name the server is called: pages of other sites may then reach it
    #[arg(
        long = "disable-security-middleware",
        hide = true,
        env = "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE",
        value_parser = clap::builder::BoolishValueParser::new()
    )]
    pub(crate) any_host: bool,
    /// Write a line about each request to standard error: method, path, status, milliseconds, bytes, and the id that
    /// the answer has as X-Request-Id; without it only what went wrong is written
    #[arg(long, env = "TRACKLINE_LOG_FORMAT", hide_env_values = true, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// A regular expression that is found in the source of every version of a model
    #[arg(
        long = "model-sources",
        hide = true,
        env = "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX",
        value_name = "PATTERN"
    )]
    pub(crate) model_sources: Option<Regex>,
    #[command(flatten)]
    pub(crate) webhooks: WebhookArgs,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) mlflow: MlflowArgs,
}

/// In MLflow's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FrameOptions {
    #[value(name = "SAMEORIGIN")]
    SameOrigin,
    /// The page shows files in frames of its own.
    #[value(name = "DENY")]
    Deny,
    #[value(name = "NONE")]
    None,
}

impl From<FrameOptions> for Framing {
    fn from(options: FrameOptions) -> Self {
        match options {
            FrameOptions::SameOrigin | FrameOptions::Deny => Self::OwnPage,
            FrameOptions::None => Self::EveryPage,
        }
    }
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For programs: an object a line
    Json,
}
