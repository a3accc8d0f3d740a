//! Conditions on the spans of traces.

use trackline_model::filter::{Expr, Field, SpanField};

use super::Statement;
use super::condition::{LOOKUP, Shape, column_matches, unsupported};
use crate::Result;
use crate::sql::{Dialect, Value};

pub(super) fn is_of_span(expr: &Expr) -> bool {
    matches!(expr, Expr::Compare { field: Field::Span(_), .. })
}

/// There is a span that meets all of these.
pub(super) fn one_span(shape: &Shape, dialect: &dyn Dialect, conditions: &[&Expr]) -> Result<Statement> {
    let mut found = Statement::default();
    for condition in conditions {
        let Expr::Compare { field, op, value } = condition else { continue };
        let (Field::Span(part), Some(join)) = (field, shape.spans) else { return Err(unsupported(field)) };
        if found.sql.is_empty() {
            found.push("EXISTS (SELECT 1 FROM spans x WHERE ").push(join);
        }
        let column = match part {
            SpanField::Name => "x.name",
            SpanField::Type => "x.type",
            SpanField::Status => "x.status",
            SpanField::Content => "x.content",
            SpanField::Attribute(key) => {
                found.values.push(Value::from(key.as_str()));
                dialect.attribute_of_span()
            }
        };
        found.push(" AND ").append(&column_matches(dialect, column, *op, value, false)?);
    }
    found.push(LOOKUP);
    Ok(found)
}
