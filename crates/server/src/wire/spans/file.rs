//! A span as MLflow's file `traces.json` has it, which is how it is kept, from and to OTLP.

use std::fmt;
use std::marker::PhantomData;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use trackline_model::Span;

use crate::wire::otlp::value::{KeyValue, Plain, python_json, storable};
use crate::wire::otlp::{self, StatusCode};

#[derive(Serialize, Deserialize)]
pub(super) struct SpanFile {
    trace_id: String,
    span_id: String,
    parent_span_id: Option<String>,
    name: String,
    start_time_unix_nano: u64,
    end_time_unix_nano: Option<u64>,
    events: Vec<EventFile>,
    status: StatusFile,
    /// Texts of JSON.
    attributes: Pairs<String>,
    links: Vec<LinkFile>,
}

#[derive(Serialize, Deserialize)]
struct EventFile {
    name: String,
    time_unix_nano: u64,
    attributes: Pairs<Plain>,
}

#[derive(Serialize, Deserialize)]
struct StatusFile {
    code: String,
    message: String,
}

#[derive(Serialize, Deserialize)]
struct LinkFile {
    /// With `tr-` in front.
    trace_id: String,
    span_id: String,
    attributes: Option<Pairs<Plain>>,
}

impl SpanFile {
    pub(super) fn new(span: &otlp::Span, attributes: Vec<(String, String)>) -> Self {
        let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
        let status = span.status.clone().unwrap_or_default();
        Self {
            trace_id: encoded(&span.trace_id),
            span_id: encoded(&span.span_id),
            parent_span_id: (!span.parent_span_id.is_empty()).then(|| encoded(&span.parent_span_id)),
            name: storable(&span.name).into_owned(),
            start_time_unix_nano: span.start_time_unix_nano,
            end_time_unix_nano: Some(span.end_time_unix_nano).filter(|end| *end > 0),
            events: span.events.iter().map(EventFile::new).collect(),
            status: StatusFile {
                code: status.code().name().to_owned(),
                message: storable(&status.message).into_owned(),
            },
            attributes: Pairs(attributes),
            links: span.links.iter().map(LinkFile::new).collect(),
        }
    }

    pub(super) fn text(&self) -> String {
        python_json(self)
    }

    fn into_otlp(self) -> otlp::Span {
        let decoded = |text: &str| BASE64_STANDARD.decode(text).unwrap_or_default();
        let code =
            [StatusCode::Ok, StatusCode::Error].into_iter().find(|code| code.name() == self.status.code);
        let code = code.unwrap_or(StatusCode::Unset) as i32;
        let attributes = self.attributes.0.into_iter();
        otlp::Span {
            trace_id: decoded(&self.trace_id),
            span_id: decoded(&self.span_id),
            parent_span_id: self.parent_span_id.as_deref().map(decoded).unwrap_or_default(),
            name: self.name,
            start_time_unix_nano: self.start_time_unix_nano,
            end_time_unix_nano: self.end_time_unix_nano.unwrap_or_default(),
            // They were written as JSON.
            attributes: attributes
                .filter_map(|(key, text)| Some(serde_json::from_str::<Plain>(&text).ok()?.under(key)))
                .collect(),
            events: self.events.into_iter().map(EventFile::into_otlp).collect(),
            links: self.links.into_iter().map(LinkFile::into_otlp).collect(),
            status: Some(otlp::Status { message: self.status.message, code }),
        }
    }
}

impl EventFile {
    fn new(event: &otlp::Event) -> Self {
        let attributes = pairs(&event.attributes);
        let name = storable(&event.name).into_owned();
        Self { name, time_unix_nano: event.time_unix_nano, attributes }
    }

    fn into_otlp(self) -> otlp::Event {
        let attributes = key_values(self.attributes);
        otlp::Event { time_unix_nano: self.time_unix_nano, name: self.name, attributes }
    }
}

impl LinkFile {
    fn new(link: &otlp::Link) -> Self {
        Self {
            trace_id: trace_id(&link.trace_id),
            span_id: hex(&link.span_id),
            attributes: (!link.attributes.is_empty()).then(|| pairs(&link.attributes)),
        }
    }

    fn into_otlp(self) -> otlp::Link {
        let from_hex = |text: &str| otlp::bytes::from_hex(text).unwrap_or_default();
        otlp::Link {
            trace_id: from_hex(self.trace_id.strip_prefix("tr-").unwrap_or(&self.trace_id)),
            span_id: from_hex(&self.span_id),
            attributes: self.attributes.map(key_values).unwrap_or_default(),
        }
    }
}

/// What is kept of a span, as OTLP has it.
pub(super) fn as_otlp(span: &Span) -> otlp::Span {
    // It was written by this module.
    serde_json::from_str(&span.content).map(SpanFile::into_otlp).unwrap_or_default()
}

/// MLflow's id of a trace.
pub(super) fn trace_id(bytes: &[u8]) -> String {
    format!("tr-{}", hex(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pairs(attributes: &[KeyValue]) -> Pairs<Plain> {
    let plain =
        |pair: &KeyValue| (storable(&pair.key).into_owned(), Plain(pair.value.clone().unwrap_or_default()));
    Pairs(attributes.iter().map(plain).collect())
}

fn key_values(pairs: Pairs<Plain>) -> Vec<KeyValue> {
    pairs.0.into_iter().map(|(key, plain)| plain.under(key)).collect()
}

/// An object whose keys keep their order.
struct Pairs<V>(Vec<(String, V)>);

impl<V: Serialize> Serialize for Pairs<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
    type Value = Pairs<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}
