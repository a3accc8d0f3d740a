use std::env;
use std::path::PathBuf;
use std::sync::OnceLock;

use uuid::Uuid;

use crate::{Error, ErrorKind};

const VARIABLE: &str = "TRACKLINE_MODE";

/// How far a tracker goes, as `TRACKLINE_MODE` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// What is logged goes where it belongs at once.
    #[default]
    Online,
    /// No server is asked or told anything: what is for one waits in its spool, for [`sync`](crate::sync).
    Offline,
    /// Nothing is recorded. Every call is good and does nothing.
    Off,
}

impl Mode {
    /// What the environment says; online if it says nothing.
    ///
    /// # Errors
    /// `Invalid` for a value that is none of `online`, `offline` and `off`.
    pub fn from_environment() -> Result<Self, Error> {
        let value = env::var(VARIABLE).unwrap_or_default().to_ascii_lowercase();
        match value.as_str() {
            "" | "online" | "on" => Ok(Self::Online),
            "offline" => Ok(Self::Offline),
            "off" => Ok(Self::Off),
            _ => {
                let message = format!("{VARIABLE} is '{value}': write online, offline or off");
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    /// As it is written in the environment.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Off => "off",
        }
    }
}

/// Where an empty store is made for a program that reads although nothing is recorded.
pub fn nowhere() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| env::temp_dir().join(format!("trackline-off-{}", Uuid::new_v4().simple()))).clone()
}
