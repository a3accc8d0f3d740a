//! Conditions on text that the indexes of values serve. They hold the first characters of each value.

use super::Statement;

/// How many characters of a value the indexes hold.
const CHARACTERS: usize = 64;

/// The part of a text column that is indexed.
pub(super) fn head_of(column: &str) -> String {
    format!("substr({column}, 1, {CHARACTERS})")
}

/// `column` is `text`.
pub(super) fn text_is(column: &str, text: &str) -> Statement {
    let head: String = text.chars().take(CHARACTERS).collect();
    let whole = head.len() == text.len() && head.chars().count() < CHARACTERS;
    let mut is = Statement::default();
    is.bind(&format!("{} = ?", head_of(column)), [head.into()]);
    if !whole {
        is.bind(&format!(" AND {column} = ?"), [text.into()]);
    }
    is
}

/// `column` begins as whatever matches a pattern of `LIKE` does; none where that may be anything.
pub(super) fn begins_like(column: &str, pattern: &str) -> Option<Statement> {
    let beginning: String =
        pattern.chars().take(CHARACTERS).take_while(|c| !matches!(c, '%' | '_')).collect();
    if beginning.is_empty() {
        return None;
    }
    let head = head_of(column);
    let mut begins = Statement::default();
    if let Some(end) = after(&beginning) {
        begins.bind(&format!("{head} < ? AND "), [end.into()]);
    }
    begins.bind(&format!("{head} >= ?"), [beginning.into()]);
    Some(begins)
}

/// What comes next in the order of texts after all that begin like this.
fn after(beginning: &str) -> Option<String> {
    let mut characters: Vec<char> = beginning.chars().collect();
    let last = characters.pop()?;
    characters.push((last..=char::MAX).nth(1)?);
    Some(characters.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Value;

    #[test]
    fn a_range_holds_all_that_begins_alike() {
        for (pattern, range) in [
            ("run-1%", Some(("run-1", Some("run-2")))),
            ("a_c", Some(("a", Some("b")))),
            ("plain", Some(("plain", Some("plaio")))),
            // The next character is beyond the surrogates.
            ("\u{D7FF}%", Some(("\u{D7FF}", Some("\u{E000}")))),
            ("\u{10FFFF}%", Some(("\u{10FFFF}", None))),
            ("%x", None),
            ("", None),
        ] {
            let texts = |(from, to): (&str, Option<&str>)| -> Vec<Value> {
                to.into_iter().chain([from]).map(Into::into).collect()
            };
            let values = begins_like("v", pattern).map(|begins| begins.values);
            assert_eq!(values, range.map(texts), "{pattern}");
        }
    }
}
