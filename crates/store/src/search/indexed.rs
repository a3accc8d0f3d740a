//! Conditions that indexes serve. Those of text hold the head of each value, its first characters.

use trackline_model::filter::{Attribute, Expr, Field, Op, Value as Operand};

use super::Statement;
use super::condition::whole;
use super::order::run_column;

/// How many characters of a value its head has.
const CHARACTERS: usize = 64;

/// The value of a row `alias` is `text`.
pub(super) fn text_is(alias: &str, text: &str) -> Statement {
    let head: String = text.chars().take(CHARACTERS).collect();
    let whole = head.len() == text.len() && head.chars().count() < CHARACTERS;
    let mut is = Statement::default();
    is.bind(&format!("{alias}.head = ?"), [head.into()]);
    if !whole {
        is.bind(&format!(" AND {alias}.value = ?"), [text.into()]);
    }
    is
}

/// The value of a row `alias` begins as whatever matches a pattern of `LIKE` does; none where that may be anything.
pub(super) fn begins_like(alias: &str, pattern: &str) -> Option<Statement> {
    let beginning: String =
        pattern.chars().take(CHARACTERS).take_while(|c| !matches!(c, '%' | '_')).collect();
    if beginning.is_empty() {
        return None;
    }
    let mut begins = Statement::default();
    if let Some(end) = after(&beginning) {
        begins.bind(&format!("{alias}.head < ? AND "), [end.into()]);
    }
    begins.bind(&format!("{alias}.head >= ?"), [beginning.into()]);
    Some(begins)
}

/// A condition on an attribute that runs are indexed by, with its column.
pub(super) fn of_attribute(expr: &Expr) -> Option<(&'static str, Statement)> {
    let Expr::Compare { field: Field::Attribute(attribute), op, value } = expr else { return None };
    let value = match (attribute, op, value) {
        (_, Op::Ne, _) => return None,
        (Attribute::StartTime | Attribute::EndTime, _, Operand::Number(number)) => whole(*number),
        (Attribute::Status, Op::Eq, Operand::Text(text)) => text.into(),
        _ => return None,
    };
    let column = run_column(*attribute)?;
    let mut is = Statement::default();
    is.bind(&format!("{column} {} ?", op.as_str()), [value]);
    Some((column, is))
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
            let values = begins_like("x", pattern).map(|begins| begins.values);
            assert_eq!(values, range.map(texts), "{pattern}");
        }
    }
}
