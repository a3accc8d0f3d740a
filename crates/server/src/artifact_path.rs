//! Paths of artifacts, as they come from outside.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::error::ApiError;

/// The root of the store's own tree.
pub(crate) const TREE: &str = "mlflow-artifacts:/";

/// The path if it stays below its root: parts joined by `/`, none of them empty, `.` or `..`.
///
/// Artifacts are looked up by path in the database, so none could leave its root anyway; refusing these keeps
/// a store from holding names that another tool would follow out of a folder.
pub(crate) fn checked(path: &str) -> Result<&str, ApiError> {
    let path = path.trim_end_matches('/');
    let decoded = fully_decoded(path);
    let bad_part = |part: &str| matches!(part, "" | "." | "..");
    let bad_text = |text: &str| text.contains(['\\', '\0']) || text.starts_with('/');
    if !path.is_empty() && (path.split('/').any(bad_part) || decoded.split('/').any(bad_part)) {
        return Err(ApiError::invalid("Invalid path"));
    }
    if bad_text(path) || bad_text(&decoded) {
        return Err(ApiError::invalid("Invalid path"));
    }
    Ok(path)
}

/// Several layers of `%2e%2e` are still `..`.
fn fully_decoded(path: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(path);
    loop {
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == *text {
            return text;
        }
        text = Cow::Owned(decoded);
    }
}

/// The place that the runs of an experiment are to keep artifacts in; none if it is not said. A folder is found from
/// where the server runs, whichever folder a client of this machine runs in.
pub(crate) fn checked_location(uri: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(uri) = uri.filter(|uri| !uri.is_empty()) else { return Ok(None) };
    if uri.contains(['#', ';']) {
        let message = format!("'artifact_location' URL can't include fragments or params, as '{uri}' does.");
        return Err(ApiError::invalid(message));
    }
    let query = uri.split_once('?').map_or("", |(_, query)| query);
    if fully_decoded(query).contains("..") {
        return Err(ApiError::invalid(format!("Invalid query string in '{uri}': it holds '..'.")));
    }
    if uri.contains(':') {
        return Ok(Some(uri));
    }
    let folder = std::path::absolute(&uri).map_err(|error| {
        ApiError::invalid(format!(
            "The folder '{uri}' cannot be found from here: {error}. Give its whole path."
        ))
    })?;
    Ok(Some(folder.to_string_lossy().into_owned()))
}

/// `path` below `root`; the root itself if the path is empty.
pub(crate) fn below(root: &str, path: &str) -> Result<String, ApiError> {
    let path = checked(path)?;
    Ok(if path.is_empty() { root.to_owned() } else { format!("{root}/{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_root_pass() {
        for good in ["", "a", "a/b.txt", "a b/ü.png", "a/b/", "100%", "a..b/c"] {
            assert!(checked(good).is_ok(), "{good}");
        }
        for bad in
            ["..", "a/../b", "/etc", "a//b", "./a", "%2e%2e/a", "a/%252e%252e", "a\\b", "%2fetc", "a\0"]
        {
            assert!(checked(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn locations_have_no_fragment_and_do_not_climb() {
        let location = |uri: &str| checked_location(Some(uri.to_owned()));
        assert_eq!(checked_location(Some(String::new())).unwrap(), None);
        assert_eq!(location("s3://bucket/a?b=c").unwrap().as_deref(), Some("s3://bucket/a?b=c"));
        for bad in ["s3://bucket/a#b", "s3://bucket/a;b", "s3://bucket/a?b=..", "s3://bucket/a?b=%2e%2e"] {
            assert!(location(bad).is_err(), "{bad}");
        }
    }
}
