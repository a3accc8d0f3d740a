//! Where the server lies below its address, for proxies that pass whole paths on.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use crate::error::endpoint_not_found;

/// What stands before every path, such as `/mlflow`; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefix(String);

/// Not the beginning of a path.
#[derive(Debug, Clone, thiserror::Error)]
#[error("'{0}' is no beginning of a path: write it as /name, of letters, digits and -._~.")]
pub struct InvalidPrefix(String);

impl FromStr for Prefix {
    type Err = InvalidPrefix;

    fn from_str(text: &str) -> Result<Self, InvalidPrefix> {
        let prefix = text.trim_end_matches('/');
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let whole = |part: &str| !part.is_empty() && part.bytes().all(plain) && part != "." && part != "..";
        match prefix.strip_prefix('/') {
            Some(parts) if parts.split('/').all(whole) => Ok(Self(prefix.to_owned())),
            None if prefix.is_empty() => Ok(Self::default()),
            _ => Err(InvalidPrefix(text.to_owned())),
        }
    }
}

impl Display for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Prefix {
    /// The path of the page, which ends with a slash.
    pub(crate) fn root(&self) -> String {
        format!("{}/", self.0)
    }

    /// Puts everything below the prefix, where nothing of the router sees it.
    pub(crate) fn place(&self, router: Router) -> Router {
        if self.0.is_empty() {
            return router;
        }
        let root = self.root();
        Router::new()
            .nest(&root, router)
            .route(&self.0, get(async move || Redirect::permanent(&root)))
            .fallback(endpoint_not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_the_beginning_of_a_path() {
        for (text, root) in [("", "/"), ("/", "/"), ("/mlflow", "/mlflow/"), ("/a/b.c-d/", "/a/b.c-d/")] {
            assert_eq!(text.parse::<Prefix>().unwrap().root(), root, "{text}");
        }
        for text in ["mlflow", "/a//b", "/{a}", "/a b", "/..", "/a/./b", "/a\"><"] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }
}
