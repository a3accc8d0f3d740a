//! Files that git does not know yet, as patches that add them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::redact::is_secret_name;

/// A longer file is more likely data than code.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Names of files that exist to hold secrets.
const SECRET_FILES: [&str; 8] =
    [".env", ".netrc", ".npmrc", ".pypirc", ".pem", ".pfx", "id_rsa", "id_ed25519"];

/// The patch that adds one untracked file; `None` for links, long files, binary ones and such that hold secrets.
pub(super) fn patch(root: &Path, path: &str) -> Option<String> {
    let file = root.join(path);
    let facts = fs::symlink_metadata(&file).ok()?;
    // A name that git would put in quotes is passed over, rather than quoted its way.
    let odd = path.contains(|c: char| c.is_control() || c == '"' || c == '\\');
    if !facts.is_file() || facts.len() == 0 || facts.len() > MAX_FILE_BYTES || odd || holds_secrets(path) {
        return None;
    }
    let text = String::from_utf8(fs::read(&file).ok()?).ok().filter(|text| !text.contains('\0'))?;
    let mut patch = String::with_capacity(text.len() + 256);
    let lines = text.lines().count();
    let header = format!("diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n");
    writeln!(patch, "{header}@@ -0,0 +1,{lines} @@").ok()?;
    for line in text.split_inclusive('\n') {
        patch.push('+');
        patch.push_str(line);
    }
    if !text.ends_with('\n') {
        patch.push_str("\n\\ No newline at end of file\n");
    }
    Some(patch)
}

fn holds_secrets(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    is_secret_name(&name)
        || SECRET_FILES.iter().any(|secret| name.starts_with(secret) || name.ends_with(secret))
}
