use std::borrow::Cow;
use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

use super::{REDACTED, is_secret_name};

/// The forms in which well-known services give out secrets.
const TOKENS: &str = r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}\b|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|glpat-[A-Za-z0-9_-]{20,}|AIza[0-9A-Za-z_-]{35}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|dapi[0-9a-f]{32}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|[Bb]earer +[A-Za-z0-9._~+/=-]{16,})";

/// A URL with something before the `@`: scheme, user, and with `:` a password.
const USER_INFO: &str = r#"([A-Za-z][A-Za-z0-9+.-]*://)([^\s/@:"'<>]*)(:[^\s/@"'<>]+)?@"#;

/// `name = "value"`, `"name": "value"`, `x["name"] = "value"`; and `name=value` without quotes or spaces, as shells and
/// queries have it.
const ASSIGNMENT: &str = r#"([?&]?)([A-Za-z_][A-Za-z0-9_.-]*)(?:(["']?\]?[ \t]{0,4}(?::=|[:=])[ \t]{0,4})("[^"\n]{4,}"|'[^'\n]{4,}')|=([^\s"'&;,.(){}\[\]]{4,}))"#;

/// A line of INI or YAML: `name = value`, `name: value`, without quotes; in a patch too.
const SETTING: &str = r#"^([+-]?[ \t]*(?:- )?)([A-Za-z_][A-Za-z0-9_.-]*)([ \t]{0,4}[:=][ \t]{1,8})([^\s"'(){}\[\],;]{4,})(\s*(?:#.*)?\s*)$"#;

/// A text long enough to be a token that stands where a user name goes: `https://<token>@host`.
const LONG_USER: usize = 20;

struct Shapes {
    tokens: Regex,
    user_info: Regex,
    assignment: Regex,
    setting: Regex,
}

/// `None` could only mean that a pattern above is malformed, which a test would show.
fn shapes() -> Option<&'static Shapes> {
    static SHAPES: OnceLock<Option<Shapes>> = OnceLock::new();
    // Made before it is asked for a place: a child that is forked while another thread makes it must not wait for
    // a thread that it does not have.
    if SHAPES.get().is_none() {
        drop(SHAPES.set(Shapes::new()));
    }
    SHAPES.get()?.as_ref()
}

impl Shapes {
    fn new() -> Option<Self> {
        Some(Self {
            tokens: Regex::new(TOKENS).ok()?,
            user_info: Regex::new(USER_INFO).ok()?,
            assignment: Regex::new(ASSIGNMENT).ok()?,
            setting: Regex::new(SETTING).ok()?,
        })
    }
}

/// One of these is in every line, in small letters, in which the patterns above can find something: the starts of the
/// tokens, the mark of a URL, and the words of names.
const HINTS: [&str; 28] = [
    "://",
    "aiza",
    "akia",
    "asia",
    "auth",
    "bearer",
    "cookie",
    "credential",
    "dapi",
    "dsn",
    "eyj",
    "gho_",
    "ghp_",
    "ghr_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "hf_",
    "key",
    "npm_",
    "pass",
    "pwd",
    "pypi-",
    "secret",
    "sk-",
    "token",
    "xox",
];

/// The text without the secrets in it that can be told by their shape or by the name they are assigned to. The
/// number of lines stays.
pub fn text(text: &str) -> String {
    let Some(shapes) = shapes() else { return REDACTED.to_owned() };
    let mut clean = String::with_capacity(text.len());
    let mut inside_key = false;
    for line in text.split_inclusive('\n') {
        let line = key_line(line, &mut inside_key);
        if may_hold_secret(&line) {
            clean.push_str(&shapes.line(&line));
        } else {
            clean.push_str(&line);
        }
    }
    clean
}

/// Most lines hold no secret, and looking for a few words is much quicker than matching patterns.
fn may_hold_secret(line: &str) -> bool {
    let small = line.to_ascii_lowercase();
    HINTS.iter().any(|hint| small.contains(hint))
}

impl Shapes {
    fn line(&self, line: &str) -> String {
        let line = self.tokens.replace_all(line, REDACTED);
        let line = self.user_info.replace_all(&line, |found: &Captures<'_>| {
            let user = if found[2].len() >= LONG_USER { REDACTED } else { &found[2] };
            let password = if found.get(3).is_some() { format!(":{REDACTED}") } else { String::new() };
            format!("{}{user}{password}@", &found[1])
        });
        let line = self.assignment.replace_all(&line, assigned);
        self.setting.replace(&line, set).into_owned()
    }
}

/// A URL without its user name and password. A bare `user@host:path`, as ssh takes it, stays.
pub fn url(url: &str) -> String {
    let Some(shapes) = shapes() else { return REDACTED.to_owned() };
    text(&shapes.user_info.replace(url, "$1"))
}

fn assigned(found: &Captures<'_>) -> String {
    let (start, name) = (&found[1], &found[2]);
    if !is_secret_name(name) {
        return found[0].to_owned();
    }
    match (found.get(3), found.get(4), found.get(5)) {
        (Some(between), Some(value), _) => {
            let quote = &value.as_str()[..1];
            format!("{start}{name}{}{quote}{REDACTED}{quote}", between.as_str())
        }
        (_, _, Some(value)) if !start.is_empty() || is_bare_secret(name, value.as_str()) => {
            format!("{start}{name}={REDACTED}")
        }
        _ => found[0].to_owned(),
    }
}

fn set(found: &Captures<'_>) -> String {
    let (name, value) = (&found[2], &found[4]);
    if is_secret_name(name) && is_bare_secret(name, value) {
        return format!("{}{name}{}{REDACTED}{}", &found[1], &found[3], &found[5]);
    }
    found[0].to_owned()
}

/// What is not in quotes may be program text: `sorted(x, key=itemgetter)`. It is not under a name in capitals, as
/// shells have them, nor when it is long and has a digit; a password, when it is more than the word that a type or a variable is.
fn is_bare_secret(name: &str, value: &str) -> bool {
    let capitals = !name.contains(|c: char| c.is_ascii_lowercase());
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let is_password =
        ["PASSWORD", "PASSWD", "PASSPHRASE"].iter().any(|end| name.to_ascii_uppercase().ends_with(end));
    let is_word = !has_digit && value.chars().all(|c| c.is_alphanumeric() || "._".contains(c));
    capitals || (value.len() >= 16 && has_digit) || (is_password && !is_word)
}

/// The line without what it holds of a private key in PEM. `inside` says whether the key has begun. In a patch the
/// sign at the start of the line stays.
fn key_line<'a>(line: &'a str, inside: &mut bool) -> Cow<'a, str> {
    let begin = line.find("-----BEGIN ").filter(|begin| line[*begin..].contains("PRIVATE KEY-----"));
    let end = line.find("-----END ");
    if begin.is_none() && !*inside {
        return Cow::Borrowed(line);
    }
    let sign = usize::from(line.starts_with(['+', '-', ' ']));
    let (kept, rest) = line.split_at(begin.or(end).unwrap_or(sign));
    let (body, ends) = (rest.trim(), end.is_some());
    *inside = !ends && (begin.is_some() || is_key_body(body));
    if body.is_empty() || !(*inside || ends) {
        return Cow::Borrowed(line);
    }
    let newline = if line.ends_with('\n') { "\n" } else { "" };
    Cow::Owned(format!("{kept}{REDACTED}{newline}"))
}

/// Base64, or a header of an encrypted key.
fn is_key_body(body: &str) -> bool {
    let header = body.starts_with("Proc-Type:") || body.starts_with("DEK-Info:");
    header || body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
}
