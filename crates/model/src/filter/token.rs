use std::ops::Range;

use super::FilterError;

/// The smallest part of a filter that means something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A bare name or keyword, with its dots.
    Word(String),
    /// Text in `'`, `"` or backticks, without them.
    Quoted(char, String),
    /// Always finite.
    Number(f64),
    /// A run of `=`, `!`, `<`, `>`, `~`, whether an operator or not.
    Symbol(String),
    Open,
    Close,
    Comma,
    /// The end of the text.
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Bytes of the text.
    pub(crate) at: Range<usize>,
}

impl Token {
    /// Whether it is this keyword, in any case.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        matches!(&self.kind, Kind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// Whether a name may hold it without being quoted.
///
/// MLflow wants quotes around `-`, `/` and `:` too; here they mean nothing else, and frameworks use them
/// in names.
pub(crate) fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':')
}

/// Splits a text into tokens; the last one is always [`Kind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(c) = text[start..].chars().next() {
        if c.is_whitespace() {
            start += c.len_utf8();
            continue;
        }
        let token = token(text, start, c)?;
        start = token.at.end;
        tokens.push(token);
    }
    tokens.push(Token { kind: Kind::End, at: start..start });
    Ok(tokens)
}

/// The token that begins at `start` with the character `c`.
fn token(text: &str, start: usize, c: char) -> Result<Token, FilterError> {
    let one = start..start + c.len_utf8();
    match c {
        '(' => Ok(Token { kind: Kind::Open, at: one }),
        ')' => Ok(Token { kind: Kind::Close, at: one }),
        ',' => Ok(Token { kind: Kind::Comma, at: one }),
        '\'' | '"' | '`' => quoted(text, start, c),
        '=' | '!' | '<' | '>' | '~' => {
            let (symbol, at) = span(text, start, |c| matches!(c, '=' | '!' | '<' | '>' | '~'));
            Ok(Token { kind: Kind::Symbol(symbol.to_owned()), at })
        }
        c if c.is_alphabetic() || c == '_' => {
            let (word, at) = span(text, start, is_bare);
            Ok(Token { kind: Kind::Word(word.to_owned()), at })
        }
        c if c.is_numeric() || matches!(c, '-' | '+' | '.') => number(text, start),
        ';' => Err(FilterError::new(text, one, "a search takes one filter, without ';'")
            .hint("join conditions with AND")),
        c => Err(FilterError::new(text, one, format!("unexpected character '{}'", c.escape_debug()))
            .hint("names with such characters are quoted with backticks: params.`my key`")),
    }
}

/// The longest text from `start` on whose characters all satisfy `part`.
fn span(text: &str, start: usize, part: impl Fn(char) -> bool) -> (&str, Range<usize>) {
    let rest = &text[start..];
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    (&rest[..length], start..start + length)
}

fn quoted(text: &str, start: usize, quote: char) -> Result<Token, FilterError> {
    let mut content = String::new();
    let mut from = start + 1;
    loop {
        let Some(length) = text[from..].find(quote) else {
            return Err(FilterError::new(
                text,
                start..text.len(),
                format!("the quote {quote} that begins here has no end"),
            )
            .hint("a quote inside quotes is doubled: 'it''s'"));
        };
        content.push_str(&text[from..from + length]);
        from += length + 1;
        if !text[from..].starts_with(quote) {
            return Ok(Token { kind: Kind::Quoted(quote, content), at: start..from });
        }
        content.push(quote);
        from += 1;
    }
}

fn number(text: &str, start: usize) -> Result<Token, FilterError> {
    let mut previous = None;
    let rest = &text[start..];
    let length = rest
        .find(|c: char| {
            let sign = matches!(c, '-' | '+') && matches!(previous, None | Some('e' | 'E'));
            previous = Some(c);
            !(sign || c.is_alphanumeric() || matches!(c, '.' | '_'))
        })
        .unwrap_or(rest.len());
    let at = start..start + length;
    let digits = &text[at.clone()];
    // Rust also reads `-inf` and `-nan`, which a search cannot mean.
    let number = digits.parse::<f64>().ok().filter(|_| digits.contains(|c: char| c.is_ascii_digit()));
    match number {
        Some(number) if number.is_finite() => Ok(Token { kind: Kind::Number(number), at }),
        Some(_) => Err(FilterError::new(text, at.clone(), format!("{digits} is too large for a number"))
            .hint("the largest is about 1.8e308")),
        None => Err(FilterError::new(text, at.clone(), format!("'{digits}' is not a number"))
            .hint("numbers look like 3, -0.5 or 1e-3; text is quoted: 'text'")),
    }
}
