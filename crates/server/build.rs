//! Has the crate built again when the page was: the embedding macro sees only files it found before.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A watched path that is missing would have cargo build the crate every time; then its parent is watched.
    if let Some(watched) = ["../../ui/dist", "../../ui"].into_iter().find(|path| Path::new(path).exists()) {
        println!("cargo::rerun-if-changed={watched}");
    }
}
