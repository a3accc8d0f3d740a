//! One field against one value, and which operators and values go with which field.

use std::ops::Range;

use super::parse::Parser;
use super::token::Kind;
use super::{Attribute, Expr, Field, FilterError, Op, Value};

impl Parser<'_> {
    pub(super) fn compare(&mut self) -> Result<Expr, FilterError> {
        let (field, field_at) = self.field()?;
        let start = self.peek().at.start;
        let op = self.op(&self.text[field_at])?;
        self.check(&field, op, start..self.previous_end())?;
        let value = match op {
            Op::IsNull | Op::IsNotNull => Value::Null,
            Op::In | Op::NotIn => Value::List(self.list()?),
            _ if is_numeric(&field) => Value::Number(self.number(&field, op)?),
            _ => Value::Text(self.string(&field, op)?),
        };
        Ok(Expr::Compare { field, op, value })
    }

    fn op(&mut self, field: &str) -> Result<Op, FilterError> {
        let token = self.take();
        let hint = match &token.kind {
            Kind::Symbol(symbol) => match symbol_op(symbol) {
                Ok(op) => return Ok(op),
                Err(hint) => hint,
            },
            Kind::Word(word) => match word.to_ascii_uppercase().as_str() {
                "LIKE" => return Ok(Op::Like),
                "ILIKE" => return Ok(Op::ILike),
                "IN" => return Ok(Op::In),
                "IS" => return self.null(),
                "NOT" if self.take_keyword("IN") => return Ok(Op::NotIn),
                "NOT" => "put NOT before the field: NOT params.model LIKE 'x%'",
                "RLIKE" | "REGEXP" | "MATCHES" => "use LIKE with % for any text and _ for any character",
                "BETWEEN" => "write two conditions: metrics.acc >= 0.5 AND metrics.acc <= 0.9",
                _ => "operators are = != > >= < <= LIKE ILIKE IN NOT IN IS NULL IS NOT NULL",
            },
            _ => "operators are = != > >= < <= LIKE ILIKE IN NOT IN IS NULL IS NOT NULL",
        };
        let message = match &token.kind {
            Kind::End => format!("an operator and a value are missing after {field}"),
            _ => format!("'{}' is not an operator", &self.text[token.at.clone()]),
        };
        Err(self.error(&token, message).hint(hint))
    }

    /// What follows `IS`.
    fn null(&mut self) -> Result<Op, FilterError> {
        let op = if self.take_keyword("NOT") { Op::IsNotNull } else { Op::IsNull };
        if self.take_keyword("NULL") {
            Ok(op)
        } else {
            Err(self.error_here("IS is followed by NULL or NOT NULL").hint("values are compared with ="))
        }
    }

    /// Whether the operator, which stands at this place, goes with the field.
    fn check(&self, field: &Field, op: Op, at: Range<usize>) -> Result<(), FilterError> {
        let keyed = matches!(field, Field::Param(_) | Field::Tag(_) | Field::Metadata(_));
        let (fits, hint) = match op {
            Op::Eq | Op::Ne => return Ok(()),
            Op::Gt | Op::Ge | Op::Lt | Op::Le => (is_numeric(field), "text is compared with = != LIKE ILIKE"),
            Op::Like | Op::ILike if is(field, Attribute::ExperimentId) => {
                (false, "ids are compared with = != IN")
            }
            Op::Like | Op::ILike => (!is_numeric(field), "numbers are compared with = != > >= < <="),
            Op::In | Op::NotIn => (self.entity.takes_list(field), "join several conditions with OR instead"),
            Op::IsNull | Op::IsNotNull => (keyed, "only params, tags and metadata can be compared with NULL"),
        };
        if fits {
            return Ok(());
        }
        Err(FilterError::new(self.text, at, format!("{op} is not for {field}")).hint(hint))
    }

    fn number(&mut self, field: &Field, op: Op) -> Result<f64, FilterError> {
        let token = self.take();
        let hint = match &token.kind {
            Kind::Number(number) => return Ok(*number),
            // Clients that show versions as text, as the protocol does, also ask for them as text.
            Kind::Quoted('\'' | '"', text)
                if is(field, Attribute::VersionNumber) && text.parse::<u32>().is_ok() =>
            {
                return Ok(text.parse().unwrap_or_default());
            }
            Kind::Quoted(_, text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                format!("write {field} {op} {}", text.trim())
            }
            _ => format!("write a number: {field} {op} 0.5"),
        };
        let message = match &token.kind {
            Kind::End => format!("a number is missing after {op}"),
            Kind::Quoted(..) => format!("{field} is compared with a number, not with text"),
            _ => format!("{field} is compared with a number"),
        };
        Err(self.error(&token, message).hint(hint))
    }

    fn string(&mut self, field: &Field, op: Op) -> Result<String, FilterError> {
        let token = self.take();
        let content = match &token.kind {
            Kind::Quoted('\'' | '"', text)
                if is(field, Attribute::ExperimentId) && text.parse::<i64>().is_err() =>
            {
                return Err(self
                    .error(&token, format!("{text:?} is not the id of an experiment"))
                    .hint("ids are whole numbers: experiment_id = '1'"));
            }
            Kind::Quoted('\'' | '"', text) => return Ok(text.clone()),
            Kind::Quoted(_, text) => text.as_str(),
            Kind::Word(_) | Kind::Number(_) => &self.text[token.at.clone()],
            _ => {
                let message = format!("quoted text is missing after {op}");
                return Err(self.error(&token, message).hint(format!("for example {field} {op} 'text'")));
            }
        };
        let value = Value::Text(content.to_owned());
        Err(self
            .error(&token, format!("{field} is compared with text in single or double quotes"))
            .hint(format!("write {field} {op} {value}")))
    }

    fn list(&mut self) -> Result<Vec<String>, FilterError> {
        const HINT: &str = "a list looks like ('a', 'b')";
        if self.peek().kind != Kind::Open {
            return Err(self.error_here("a list in parentheses is missing here").hint(HINT));
        }
        let open = self.take();
        let mut texts = Vec::new();
        loop {
            let token = self.take();
            match token.kind {
                Kind::Quoted('\'' | '"', text) => texts.push(text),
                Kind::Close if !texts.is_empty() => return Ok(texts),
                Kind::Close => return Err(self.error(&open, "the list is empty").hint(HINT)),
                Kind::End => return Err(self.error(&open, "the list is not closed").hint(HINT)),
                _ => return Err(self.error(&token, "a list holds quoted text").hint(HINT)),
            }
            match self.peek().kind {
                Kind::Comma => drop(self.take()),
                Kind::Close => {}
                Kind::End => return Err(self.error(&open, "the list is not closed").hint(HINT)),
                _ => return Err(self.error_here("a comma or ')' is missing before this").hint(HINT)),
            }
        }
    }
}

fn is(field: &Field, attribute: Attribute) -> bool {
    *field == Field::Attribute(attribute)
}

fn is_numeric(field: &Field) -> bool {
    match field {
        Field::Metric(_) => true,
        Field::Attribute(attribute) => attribute.is_numeric(),
        Field::Param(_) | Field::Tag(_) | Field::Metadata(_) | Field::Dataset(_) | Field::Span(_) => false,
    }
}

/// The operator, or what to write instead.
fn symbol_op(symbol: &str) -> Result<Op, &'static str> {
    match symbol {
        "=" => Ok(Op::Eq),
        "!=" => Ok(Op::Ne),
        ">" => Ok(Op::Gt),
        ">=" => Ok(Op::Ge),
        "<" => Ok(Op::Lt),
        "<=" => Ok(Op::Le),
        "==" => Err("write ="),
        "<>" => Err("write !="),
        "=>" => Err("write >="),
        "=<" => Err("write <="),
        "=~" | "~" | "!~" => Err("use LIKE with % for any text and _ for any character"),
        _ => Err("operators are = != > >= < <= LIKE ILIKE IN NOT IN IS NULL IS NOT NULL"),
    }
}
