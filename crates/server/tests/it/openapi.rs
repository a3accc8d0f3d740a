use std::path::Path;

/// The page's types are made from `openapi.json`. `UPDATE_SNAPSHOTS=1` writes it anew.
#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let current = trackline_server::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == current, "{} is stale: run this test with UPDATE_SNAPSHOTS=1", path.display());
}
