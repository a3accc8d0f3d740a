use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::Invalid;

/// How many characters of a long text are shown before the place, and after its beginning.
const BEFORE: usize = 50;
const AFTER: usize = 60;

/// A filter or an order that cannot be understood. Its `Display` shows the place:
///
/// ```text
/// metric 'acc' is compared with a number, not with text
///   metrics.acc > '0.9'
///                 ^^^^^
/// hint: write metrics.acc > 0.9
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to write instead, where that is known.
    pub hint: Option<String>,
    /// The bytes of `text` that are wrong; on character boundaries, empty at the end of the text.
    pub at: Range<usize>,
    /// The whole filter, or the one order clause.
    pub text: String,
}

impl FilterError {
    pub(crate) fn new(text: &str, at: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, at, text: text.to_owned() }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The text on one line, shortened around the place, and the line of carets below it.
    fn pointer(&self) -> (String, String) {
        let before: Vec<char> = self.text[..self.at.start].chars().collect();
        let skipped = before.len().saturating_sub(BEFORE);
        let mut line = String::from(if skipped > 0 { "…" } else { "" });
        line.extend(before[skipped..].iter().map(|c| visible(*c)));
        let indent = line.width();

        let wrong = self.text[self.at.clone()].chars().take(AFTER);
        let width = wrong.map(|c| visible(c).width().unwrap_or(0)).sum::<usize>().max(1);
        let mut after = self.text[self.at.start..].chars();
        line.extend(after.by_ref().take(AFTER).map(visible));
        if after.next().is_some() {
            line.push('…');
        }
        (line, format!("{:indent$}{}", "", "^".repeat(width)))
    }
}

/// Line breaks and other control characters would move the carets.
fn visible(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

impl std::error::Error for FilterError {}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, carets) = self.pointer();
        write!(f, "{}\n  {line}\n  {carets}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<FilterError> for Invalid {
    fn from(error: FilterError) -> Self {
        Self::new(error.to_string())
    }
}
