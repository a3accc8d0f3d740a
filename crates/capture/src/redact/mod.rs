//! Secrets are taken out before anything is written: by the name they go under, and by their shape.

mod name;
mod shape;
mod variables;

pub use name::is_secret_name;
pub use shape::{text, url};
pub use variables::selected_variables;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// A command line without its secrets: `--token x`, `--token=x`, `db.password=x` and anything that [`text`] knows.
pub fn arguments(argv: &[String]) -> Vec<String> {
    let mut value_is_secret = false;
    argv.iter()
        .map(|argument| {
            let is_option = argument.starts_with('-');
            if std::mem::take(&mut value_is_secret) && !is_option {
                return REDACTED.to_owned();
            }
            match argument.split_once('=') {
                Some((name, _)) if is_secret_name(name) => format!("{name}={REDACTED}"),
                Some(_) => text(argument),
                None => {
                    value_is_secret = is_option && is_secret_name(argument);
                    text(argument)
                }
            }
        })
        .collect()
}
