//! Canonical text: it parses back to the same tree.

use std::fmt::{self, Display, Formatter};

use super::token::is_bare;
use super::{Expr, Field, Filter, Op, SpanField, Value};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.expr {
            Some(expr) => expr.fmt(f),
            None => Ok(()),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(parts) => joined(f, parts, " OR ", |_| false),
            Self::And(parts) => joined(f, parts, " AND ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => {
                f.write_str("NOT ")?;
                operand(f, inner, matches!(**inner, Self::And(_) | Self::Or(_)))
            }
            Self::Compare { field, op, value: Value::Null } => write!(f, "{field} {op}"),
            Self::Compare { field, op, value } => write!(f, "{field} {op} {value}"),
        }
    }
}

fn joined(
    f: &mut Formatter<'_>,
    parts: &[Expr],
    joint: &str,
    binds_weaker: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(joint)?;
        }
        operand(f, part, binds_weaker(part))?;
    }
    Ok(())
}

fn operand(f: &mut Formatter<'_>, expr: &Expr, parentheses: bool) -> fmt::Result {
    if parentheses { write!(f, "({expr})") } else { expr.fmt(f) }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (prefix, key) = match self {
            Self::Span(SpanField::Attribute(key)) => ("span", &format!("attributes.{key}")),
            Self::Span(field) => return write!(f, "span.{}", field.name()),
            Self::Attribute(attribute) => return f.write_str(attribute.name()),
            Self::Dataset(field) => return write!(f, "dataset.{}", field.name()),
            Self::Metric(key) => ("metrics", key),
            Self::Param(key) => ("params", key),
            Self::Tag(key) => ("tags", key),
            Self::Metadata(key) => ("metadata", key),
        };
        if !key.is_empty() && key.chars().all(is_bare) {
            write!(f, "{prefix}.{key}")
        } else {
            write!(f, "{prefix}.`{}`", key.replace('`', "``"))
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // Past 2^53, where digits would be invented, and below 1e-5 the exponent is shorter.
            Self::Number(number) if number.abs() < 1e15 && number.fract() == 0.0 => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Text(text) => quoted(f, text),
            Self::List(texts) => {
                f.write_str("(")?;
                for (i, text) in texts.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    quoted(f, text)?;
                }
                f.write_str(")")
            }
            Self::Null => f.write_str("NULL"),
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}
