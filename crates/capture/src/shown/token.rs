//! The parts of a line: words, numbers, and what stands between them.

/// One part of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token<'a> {
    /// A name or a word of a sentence.
    Word(&'a str),
    /// A plain number, perhaps with a percent sign, which does not change the value.
    Number(f64, Form),
    /// `640/60000`.
    Fraction(f64, f64),
    /// `:` or an arrow.
    Colon,
    /// `=`
    Equals,
    /// A comma or another sign between two statements.
    Break,
    /// A tab or several spaces.
    Gap,
    /// An opening bracket.
    Open(char),
    /// A closing bracket.
    Close(char),
    /// `±` or `+/-`: the next number is a spread.
    Spread,
    /// A date, a duration, a size, a version: a number that measures no model.
    Junk,
}

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `3`
    Integer,
    /// `0.3`, `1e-3`, `nan`
    Real,
    /// `93.1%`
    Percent,
}

/// What Python's numeric types put around a value when they are shown.
const WRAPPERS: [&str; 6] = ["tensor", "array", "Array", "Tensor", "Decimal", "Variable"];

/// A word behind a number that makes a duration, an amount or a rate of it.
const UNITS: &[&str] = &[
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "us",
    "µs",
    "ns",
    "m",
    "min",
    "mins",
    "minute",
    "minutes",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "days",
    "b",
    "kb",
    "mb",
    "gb",
    "tb",
    "kib",
    "mib",
    "gib",
    "bytes",
    "it/s",
    "hz",
    "ghz",
    "mhz",
    "w",
    "px",
    "fps",
    "images",
    "samples",
    "examples",
    "rows",
    "columns",
    "records",
    "tokens",
    "epochs",
    "steps",
    "iterations",
    "files",
    "features",
    "classes",
    "parameters",
    "params",
    "trees",
    "points",
    "times",
    "items",
    "users",
    "cores",
    "gpus",
    "workers",
    "threads",
    "timesteps",
    "neighbors",
    "clusters",
    "layers",
    "batches",
    "rounds",
    "episodes",
    "folds",
    "trials",
    "images/sec",
    "samples/sec",
    "tokens/sec",
];

/// Cuts a line into its parts.
pub fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(16);
    let mut rest = line.trim();
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let length = one(rest, first, before, &mut found);
        let (taken, left) = rest.split_at(length);
        before = taken.chars().next_back().unwrap_or(' ');
        rest = left;
    }
    found
}

/// Appends the part that `rest` begins with, and gives its length in bytes.
fn one<'a>(rest: &'a str, first: char, before: char, found: &mut Vec<Token<'a>>) -> usize {
    if first.is_whitespace() {
        let length = rest.len() - rest.trim_start().len();
        if length > 1 || first == '\t' {
            found.push(Token::Gap);
        }
        return length;
    }
    if begins_number(rest, before) {
        return number(rest, found);
    }
    if first.is_alphabetic() || first == '_' {
        return word(rest, found);
    }
    for (sign, token) in [
        ("+/-", Token::Spread),
        ("+-", Token::Spread),
        ("-->", Token::Colon),
        ("->", Token::Colon),
        ("=>", Token::Colon),
    ] {
        if rest.starts_with(sign) {
            found.push(token);
            return sign.len();
        }
    }
    let run = rest.len() - rest.trim_start_matches(first).len();
    match first {
        '=' if run == 1 => found.push(Token::Equals),
        ':' if run == 1 => found.push(Token::Colon),
        '：' | '→' | '≈' => found.push(Token::Colon),
        '(' | '[' | '{' | '<' => found.push(Token::Open(first)),
        ')' | ']' | '}' | '>' => found.push(Token::Close(first)),
        '±' => found.push(Token::Spread),
        '%' => percent(found),
        '\'' | '"' | '`' | '*' | '#' | '$' | '~' | '!' => {}
        _ => found.push(Token::Break),
    }
    match first {
        '(' | '[' | '{' | ')' | ']' | '}' => first.len_utf8(),
        _ => run,
    }
}

fn percent(found: &mut [Token<'_>]) {
    if let Some(Token::Number(_, form)) = found.last_mut() {
        *form = Form::Percent;
    }
}

fn begins_number(rest: &str, before: char) -> bool {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let signed = !before.is_alphanumeric() && before != ')';
    match bytes.first() {
        Some(b'0'..=b'9') => true,
        Some(b'.') => digit(1),
        Some(b'-' | b'+') => signed && (digit(1) || (bytes.get(1) == Some(&b'.') && digit(2))),
        _ => false,
    }
}

/// Everything up to the next space, bracket or quote is looked at as a whole: it may be a date or a version.
fn number(rest: &str, found: &mut Vec<Token<'_>>) -> usize {
    let end = rest.find(|c: char| !c.is_alphanumeric() && !"._+-/:%,".contains(c)).unwrap_or(rest.len());
    let blob = &rest[..end];
    let blob = &blob[..comma(blob)];
    let blob = blob.trim_end_matches(['.', ',', ':', '-', '/']);
    let blob = match blob.find(':') {
        // `1:loss=0.5`, but not `12:30`
        Some(at) if blob[at + 1..].starts_with(char::is_alphabetic) => &blob[..at],
        _ => blob,
    };
    if let Some(value) = real(blob) {
        found.push(Token::Number(value, form(blob)));
    } else if let Some(value) = blob.strip_suffix('%').and_then(real) {
        found.push(Token::Number(value, Form::Percent));
    } else if let Some((top, bottom)) = blob.split_once('/').and_then(|(a, b)| Some((real(a)?, real(b)?))) {
        found.push(Token::Fraction(top, bottom));
    } else {
        found.push(Token::Junk);
    }
    blob.len()
}

/// Where the first comma that is not between thousands ends the number.
fn comma(blob: &str) -> usize {
    let mut from = 0;
    while let Some(at) = blob[from..].find(',').map(|at| at + from) {
        let digits = blob[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let thousands = digits == 3 && !blob[..at].contains(['.', ':', '-']) && at <= 3 + from;
        let milliseconds = digits == 3 && blob[..at].contains(':');
        if !thousands && !milliseconds {
            return at;
        }
        from = at + 1;
    }
    blob.len()
}

fn real(text: &str) -> Option<f64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b".,+-eE".contains(&byte)) {
        return None;
    }
    if text.contains(',') { text.replace(',', "").parse().ok() } else { text.parse().ok() }
}

fn form(text: &str) -> Form {
    if text.contains(['.', 'e', 'E']) { Form::Real } else { Form::Integer }
}

fn word<'a>(rest: &'a str, found: &mut Vec<Token<'a>>) -> usize {
    let mut length = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let inner = "/-.'@^#".contains(character)
            && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !character.is_alphanumeric() && character != '_' && !inner {
            break;
        }
        length = at + character.len_utf8();
    }
    let text = &rest[..length];
    let bare = text.rsplit('.').next().unwrap_or(text);
    let called = rest[length..].starts_with('(');
    if called && (WRAPPERS.contains(&bare) || bare.starts_with("float") || bare.starts_with("int")) {
        return length + 1;
    }
    match (text, found.last()) {
        ("nan" | "NaN", Some(Token::Colon | Token::Equals)) => {
            found.push(Token::Number(f64::NAN, Form::Real));
        }
        // `improved (inf --> 0.3)`
        ("inf" | "Infinity", Some(Token::Colon | Token::Equals | Token::Open('('))) => {
            found.push(Token::Number(f64::INFINITY, Form::Real));
        }
        (unit, Some(Token::Number(_, Form::Integer | Form::Real))) if is_unit(unit, &rest[length..]) => {
            found.pop();
            found.push(Token::Junk);
        }
        _ => found.push(Token::Word(text)),
    }
    length
}

/// A unit that is a word of its own, and no name: `3 trees`, but not `0.3 s: 5`.
fn is_unit(text: &str, after: &str) -> bool {
    UNITS.contains(&text.to_lowercase().as_str()) && !after.trim_start().starts_with([':', '='])
}
