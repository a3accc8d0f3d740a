//! Recursive descent over the tokens: the boolean part. Comparisons are in `compare`, fields in `resolve`.

use super::entity::Entity;
use super::token::{Kind, Token, tokens};
use super::{Expr, Filter, FilterError};

/// How deep parentheses and NOTs may nest: far more than anyone writes, far less than a stack holds.
const MAX_DEPTH: usize = 100;

pub(super) fn filter(text: &str, entity: &'static Entity) -> Result<Filter, FilterError> {
    if text.is_empty() {
        return Ok(Filter::default());
    }
    let mut parser = Parser::new(text, entity)?;
    if parser.peek().kind == Kind::End {
        return Err(FilterError::new(text, 0..text.len(), "the filter holds nothing but spaces")
            .hint("an empty filter finds everything"));
    }
    let expr = parser.or()?;
    match parser.peek().kind {
        Kind::End => Ok(Filter { expr: Some(expr) }),
        Kind::Close => Err(parser.error_here("')' without a '(' before it")),
        _ => Err(parser.error_here("a condition ended before this").hint("join conditions with AND or OR")),
    }
}

pub(crate) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) entity: &'static Entity,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, entity: &'static Entity) -> Result<Self, FilterError> {
        Ok(Self { text, entity, tokens: tokens(text)?, next: 0, depth: 0 })
    }

    pub(crate) fn peek(&self) -> &Token {
        &self.tokens[self.next]
    }

    /// Takes the next token; the end stays where it is.
    pub(crate) fn take(&mut self) -> Token {
        let token = self.tokens[self.next].clone();
        if token.kind != Kind::End {
            self.next += 1;
        }
        token
    }

    /// Takes the next token if it is this keyword.
    pub(crate) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is(keyword);
        if found {
            self.next += 1;
        }
        found
    }

    /// Where the last token that was taken ends.
    pub(super) fn previous_end(&self) -> usize {
        self.next.checked_sub(1).map_or(0, |last| self.tokens[last].at.end)
    }

    pub(crate) fn error(&self, token: &Token, message: impl Into<String>) -> FilterError {
        FilterError::new(self.text, token.at.clone(), message)
    }

    pub(crate) fn error_here(&self, message: impl Into<String>) -> FilterError {
        self.error(self.peek(), message)
    }

    fn or(&mut self) -> Result<Expr, FilterError> {
        let first = self.and()?;
        if !self.peek().is("OR") {
            return Ok(first);
        }
        let mut parts = Vec::new();
        join_or(&mut parts, first);
        while self.take_keyword("OR") {
            let part = self.and()?;
            join_or(&mut parts, part);
        }
        Ok(Expr::Or(parts))
    }

    fn and(&mut self) -> Result<Expr, FilterError> {
        let first = self.not()?;
        let mut parts = Vec::new();
        join_and(&mut parts, first);
        while self.take_keyword("AND") {
            // MLflow takes a last AND with nothing after it, and programs that build filters rely on it.
            if self.depth == 0 && self.peek().kind == Kind::End {
                break;
            }
            let part = self.not()?;
            join_and(&mut parts, part);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Expr::And(parts) })
    }

    fn not(&mut self) -> Result<Expr, FilterError> {
        let negated = self.peek().is("NOT");
        if !negated && self.peek().kind != Kind::Open {
            return self.compare();
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error_here(format!("conditions are nested more than {MAX_DEPTH} deep")));
        }
        let start = self.take();
        self.depth += 1;
        let expr = if negated { Expr::Not(Box::new(self.not()?)) } else { self.parenthesized(&start)? };
        self.depth -= 1;
        Ok(expr)
    }

    /// What follows `(`, up to its `)`.
    fn parenthesized(&mut self, open: &Token) -> Result<Expr, FilterError> {
        let expr = self.or()?;
        match self.peek().kind {
            Kind::Close => {
                self.take();
                Ok(expr)
            }
            Kind::End => Err(self.error(open, "the '(' that opens here is not closed")),
            _ => Err(self.error_here("a condition ended before this").hint("join conditions with AND or OR")),
        }
    }
}

fn join_and(parts: &mut Vec<Expr>, part: Expr) {
    match part {
        Expr::And(inner) => parts.extend(inner),
        part => parts.push(part),
    }
}

fn join_or(parts: &mut Vec<Expr>, part: Expr) {
    match part {
        Expr::Or(inner) => parts.extend(inner),
        part => parts.push(part),
    }
}
