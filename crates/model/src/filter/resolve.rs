//! From the words of a field to what they mean.

use std::ops::Range;

use super::entity::{Prefix, dataset_field, span_field};
use super::parse::Parser;
use super::token::{Kind, Token};
use super::{Field, FilterError, SpanField};

impl Parser<'_> {
    /// Takes a field; also says where it stands.
    pub(crate) fn field(&mut self) -> Result<(Field, Range<usize>), FilterError> {
        let token = self.take();
        match &token.kind {
            Kind::Word(word) => match word.split_once('.') {
                Some((prefix, key)) => self.prefixed(&token, prefix, key),
                None => self.attribute(&token, word),
            },
            Kind::Quoted('`' | '"', name) => self.attribute(&token, name),
            Kind::Quoted(..) => Err(self
                .error(&token, "a condition begins with a field, not with text")
                .hint("fields with unusual characters are quoted with backticks: params.`my key`")),
            Kind::End => Err(self.error(&token, "a condition is missing here")),
            _ => Err(self
                .error(&token, "a condition begins with a field")
                .hint(format!("for example {} = 'text'", self.entity.attributes[0].name()))),
        }
    }

    /// A field whose first token was split at its first dot.
    fn prefixed(
        &mut self,
        token: &Token,
        prefix: &str,
        key: &str,
    ) -> Result<(Field, Range<usize>), FilterError> {
        let mut at = token.at.clone();
        let mut key = key.to_owned();
        let next = self.peek().clone();
        let adjacent = next.at.start == at.end;
        if let (Kind::Quoted(quote, quoted), true) = (next.kind, adjacent) {
            if quote == '\'' || !key.is_empty() {
                return Err(FilterError::new(self.text, next.at, "a key is quoted whole, with backticks")
                    .hint(format!("write {prefix}.`{key}{quoted}`")));
            }
            key = quoted;
            at.end = self.take().at.end;
        }
        let kind = self.prefix(token, prefix)?;
        if key.is_empty() {
            return Err(FilterError::new(self.text, at, format!("a key is missing after '{prefix}.'")));
        }
        let field = match kind {
            Prefix::Metric => Field::Metric(key),
            Prefix::Param => Field::Param(key),
            Prefix::Tag => Field::Tag(key),
            Prefix::Metadata => Field::Metadata(key),
            Prefix::Attribute if prefix == "trace" && key == "text" => Field::Span(SpanField::Content),
            Prefix::Attribute => return self.attribute(&Token { at, ..token.clone() }, &key),
            Prefix::Dataset => Field::Dataset(dataset_field(&key).ok_or_else(|| {
                FilterError::new(self.text, at.clone(), format!("Invalid dataset key '{key}'"))
                    .hint("datasets have name, digest and context")
            })?),
            Prefix::Span => Field::Span(span_field(&key).ok_or_else(|| {
                FilterError::new(self.text, at.clone(), format!("Invalid span attribute '{key}'"))
                    .hint("spans have name, type, status, content, and attributes.<key>")
            })?),
        };
        Ok((field, at))
    }

    fn prefix(&self, token: &Token, name: &str) -> Result<Prefix, FilterError> {
        let known = Prefix::named(name).filter(|prefix| self.entity.prefixes.contains(prefix));
        known.ok_or_else(|| {
            let at = token.at.start..token.at.start + name.len();
            let hint = match Prefix::named(&name.to_lowercase()) {
                Some(prefix) if self.entity.prefixes.contains(&prefix) => {
                    format!("write {}", name.to_lowercase())
                }
                _ => format!("{} are searched by {}", self.entity.noun, self.entity.prefix_names()),
            };
            FilterError::new(self.text, at, format!("Invalid entity type '{name}'")).hint(hint)
        })
    }

    fn attribute(&self, token: &Token, name: &str) -> Result<(Field, Range<usize>), FilterError> {
        if let Some(attribute) = self.entity.attribute(name) {
            return Ok((Field::Attribute(attribute), token.at.clone()));
        }
        let lower = name.to_lowercase();
        let hint = if self.entity.attribute(&lower).is_some() {
            format!("write {lower}")
        } else {
            let attributes = self.entity.attribute_names();
            let keyed = if self.entity.prefixes.contains(&Prefix::Metric) {
                "; metrics, params and tags need their prefix: metrics.acc"
            } else {
                "; tags need their prefix: tags.team"
            };
            format!("{} have {attributes}{keyed}", self.entity.noun)
        };
        Err(self.error(token, format!("Invalid attribute key '{name}'")).hint(hint))
    }
}
