use std::ffi::OsString;

use clap::Args;

use super::left_out::LeftOut;

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The experiment of the run; made if there is none of this name
    #[arg(long, short)]
    pub(crate) experiment: Option<String>,
    /// The name of the run [default: a random one]
    #[arg(long, short)]
    pub(crate) name: Option<String>,
    /// A tag of the run; may be given several times
    #[arg(long = "tag", short, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) tags: Vec<(String, String)>,
    /// Serve `import mlflow` from Trackline
    #[arg(long)]
    pub(crate) mlflow: bool,
    /// Say nothing at the end
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// The folder of the store, or the address of a server [default: TRACKLINE_URI, MLFLOW_TRACKING_URI, or .trackline
    /// here or above]
    #[arg(long, value_name = "PLACE", visible_alias = "uri")]
    pub(crate) store: Option<String>,
    #[command(flatten)]
    pub(crate) left_out: LeftOut,
    /// The script or command, and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "PROGRAM")]
    pub(crate) command: Vec<OsString>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
