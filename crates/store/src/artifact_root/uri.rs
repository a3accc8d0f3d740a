use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// What a URI of MLflow's artifact proxy holds before the path.
const PROXY: &str = "/api/2.0/mlflow-artifacts/artifacts";

/// The path in the store's own tree that a URI stands for, such as `mlflow-artifacts:/1/<run_id>/artifacts`; empty for its
/// root, none where artifacts are kept elsewhere. A host in it is this server's.
pub fn tree_path(uri: &str) -> Option<&str> {
    let path = match uri.split_once(':')? {
        ("mlflow-artifacts", rest) => match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
            None => rest,
        },
        ("http" | "https", rest) => {
            rest.split_once(PROXY)?.1.strip_prefix('/').or(rest.ends_with(PROXY).then_some(""))?
        }
        _ => return None,
    };
    Some(path.trim_matches('/'))
}

/// The file or folder that a URI without a scheme, or with `file` and no other host, stands for.
pub(crate) fn local_path(uri: &str) -> Option<PathBuf> {
    match uri.split_once(':') {
        None => Some(uri.into()),
        Some(("file", rest)) => {
            let path = match rest.strip_prefix("//") {
                Some(rest) => Some(rest.strip_prefix("localhost").unwrap_or(rest))
                    .filter(|path| path.starts_with('/'))?,
                None => rest,
            };
            Some(percent_decode_str(path).decode_utf8_lossy().into_owned().into())
        }
        Some(_) => None,
    }
}

/// The URI of what lies at `path` below another; a query stays at the end.
pub(crate) fn joined(uri: &str, path: &str) -> String {
    match uri.split_once('?') {
        Some((place, query)) => format!("{}/{path}?{query}", place.trim_end_matches('/')),
        None => format!("{}/{path}", uri.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn uris_of_the_own_tree_are_read() {
        assert_eq!(tree_path("mlflow-artifacts:/1/r/artifacts"), Some("1/r/artifacts"));
        assert_eq!(tree_path("mlflow-artifacts://host:5000/1/r"), Some("1/r"));
        assert_eq!(tree_path("mlflow-artifacts:/"), Some(""));
        assert_eq!(tree_path("http://h:5000/api/2.0/mlflow-artifacts/artifacts/1/r"), Some("1/r"));
        assert_eq!(tree_path("https://h/mlflow/api/2.0/mlflow-artifacts/artifacts"), Some(""));
        for other in ["s3://bucket/x", "http://h/x", "/srv/x", "http://h/api/2.0/mlflow-artifacts/artifactsx"]
        {
            assert_eq!(tree_path(other), None, "{other}");
        }
    }

    #[test]
    fn files_of_another_host_are_not_local() {
        for uri in ["/srv/a b", "file:/srv/a%20b", "file:///srv/a%20b", "file://localhost/srv/a%20b"] {
            assert_eq!(local_path(uri).as_deref(), Some(Path::new("/srv/a b")), "{uri}");
        }
        for uri in ["file://other/srv", "file://localhostile/srv", "s3://bucket/a"] {
            assert_eq!(local_path(uri), None, "{uri}");
        }
    }
}
