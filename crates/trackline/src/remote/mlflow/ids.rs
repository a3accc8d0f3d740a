use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Digits of an id of a run, or of a model behind its `m-`.
const DIGITS: usize = 32;

/// An MLflow server gives runs and models ids of its own. Here stands which is which: in a file of the spool, a line
/// an id, ours and the server's, so that every process knows what another one has made.
#[derive(Debug)]
pub struct Ids {
    path: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// How much of the file was read.
    bytes: usize,
    servers: HashMap<String, String>,
    ours: HashMap<String, String>,
}

impl Ids {
    pub fn new(path: PathBuf) -> Self {
        Self { path, known: Mutex::default() }
    }

    /// The server's id for one of ours, if it has given one.
    pub fn of_server(&self, ours: &str) -> Option<String> {
        let translated = self.to_server(ours);
        (translated != ours).then(|| translated.into_owned())
    }

    /// Notes the server's id for one of ours.
    pub fn add(&self, ours: &str, servers: &str) -> std::io::Result<()> {
        let line = format!("{} {}\n", ours.trim_start_matches("m-"), servers.trim_start_matches("m-"));
        // One write of a short line: lines of several processes do not mix.
        OpenOptions::new().create(true).append(true).open(&self.path)?.write_all(line.as_bytes())
    }

    /// A text with the server's ids in place of ours.
    pub fn to_server<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.translated(text, |known| &known.servers)
    }

    /// A text with our ids in place of the server's.
    pub fn to_ours<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.translated(text, |known| &known.ours)
    }

    fn translated<'a>(
        &self,
        text: &'a str,
        side: impl Fn(&Known) -> &HashMap<String, String>,
    ) -> Cow<'a, str> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.refresh(&self.path);
        let ids = side(&known);
        let mut translated = String::new();
        let mut copied = 0;
        for (at, id) in candidates(text) {
            if let Some(other) = ids.get(id) {
                translated.push_str(&text[copied..at]);
                translated.push_str(other);
                copied = at + DIGITS;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        translated.push_str(&text[copied..]);
        Cow::Owned(translated)
    }
}

impl Known {
    fn refresh(&mut self, path: &std::path::Path) {
        let grown = fs::metadata(path).is_ok_and(|file| file.len() > self.bytes as u64);
        let Some(text) = grown.then(|| fs::read_to_string(path).ok()).flatten() else { return };
        let new = text.get(self.bytes..).unwrap_or_default();
        let whole = new.rfind('\n').map_or(0, |end| end + 1);
        for (ours, servers) in new[..whole].lines().filter_map(|line| line.split_once(' ')) {
            self.servers.insert(ours.to_owned(), servers.to_owned());
            self.ours.insert(servers.to_owned(), ours.to_owned());
        }
        self.bytes += whole;
    }
}

/// What may be ids in a text, and where: 32 hexadecimal digits between other characters.
fn candidates(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let start = text.as_ptr() as usize;
    words
        .filter(|word| word.len() == DIGITS && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(move |word| (word.as_ptr() as usize - start, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_translated_wherever_they_stand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids");
        let (ids, of_another_process) = (Ids::new(path.clone()), Ids::new(path));
        let (a, b, c, d) = ("a".repeat(32), "b".repeat(32), "c".repeat(32), "d".repeat(32));
        assert_eq!(ids.of_server(&a), None);
        ids.add(&a, &b).unwrap();
        of_another_process.add(&format!("m-{c}"), &format!("m-{d}")).unwrap();
        assert_eq!(ids.of_server(&a).unwrap(), b);
        assert_eq!(
            ids.to_server(&format!("runs:/{a}/m-{c}?x={a}0 ü {a}")),
            format!("runs:/{b}/m-{d}?x={a}0 ü {b}")
        );
        assert_eq!(
            of_another_process.to_ours(&format!("{{\"{d}\": \"{b}\"}}")),
            format!("{{\"{c}\": \"{a}\"}}")
        );
    }
}
