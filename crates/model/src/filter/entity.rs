use super::field::{Attribute, DatasetField, Field, SpanField};

/// What stands before the dot of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    Attribute,
    Metric,
    Param,
    Tag,
    Metadata,
    Dataset,
    Span,
}

impl Prefix {
    const ALL: [Self; 7] =
        [Self::Attribute, Self::Metric, Self::Param, Self::Tag, Self::Metadata, Self::Dataset, Self::Span];

    /// The name that is printed first, then the others that are understood.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Attribute => &["attributes", "attribute", "attr", "run", "trace"],
            Self::Metric => &["metrics", "metric"],
            Self::Param => &["params", "param", "parameters", "parameter"],
            Self::Tag => &["tags", "tag"],
            Self::Metadata => &["metadata", "request_metadata"],
            Self::Dataset => &["dataset", "datasets"],
            Self::Span => &["span", "spans"],
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|prefix| prefix.names().contains(&name))
    }
}

/// What can be said of one kind of entity: the only difference between the parsers.
#[derive(Debug)]
pub(crate) struct Entity {
    /// Plural, for messages.
    pub(crate) noun: &'static str,
    pub(crate) prefixes: &'static [Prefix],
    pub(crate) attributes: &'static [Attribute],
    /// Attributes that `IN` and `NOT IN` are for.
    listed: &'static [Attribute],
    /// Whether `IN` and `NOT IN` are for params and tags too.
    keys_listed: bool,
}

impl Entity {
    pub(crate) fn attribute(&self, name: &str) -> Option<Attribute> {
        self.attributes.iter().copied().find(|attribute| attribute.names().contains(&name))
    }

    pub(crate) fn takes_list(&self, field: &Field) -> bool {
        match field {
            Field::Attribute(attribute) => self.listed.contains(attribute),
            Field::Param(_) | Field::Tag(_) => self.keys_listed,
            Field::Dataset(_) | Field::Span(SpanField::Name | SpanField::Type | SpanField::Status) => true,
            Field::Metric(_) | Field::Metadata(_) | Field::Span(_) => false,
        }
    }

    /// `run_id, run_name, …`
    pub(crate) fn attribute_names(&self) -> String {
        let names: Vec<_> = self.attributes.iter().map(|attribute| attribute.name()).collect();
        names.join(", ")
    }

    /// `attributes, metrics, …`
    pub(crate) fn prefix_names(&self) -> String {
        let names: Vec<_> = self.prefixes.iter().map(|prefix| prefix.names()[0]).collect();
        names.join(", ")
    }
}

pub(crate) fn dataset_field(name: &str) -> Option<DatasetField> {
    DatasetField::ALL.into_iter().find(|field| field.name() == name)
}

/// `name`, `type`, `status`, `content`, or `attributes.` and a key.
pub(crate) fn span_field(name: &str) -> Option<SpanField> {
    match name.split_once('.') {
        Some(("attributes" | "attribute", key)) if !key.is_empty() => {
            Some(SpanField::Attribute(key.to_owned()))
        }
        _ => SpanField::PLAIN.into_iter().find(|field| field.name() == name),
    }
}

pub(crate) static RUNS: Entity = Entity {
    noun: "runs",
    prefixes: &[Prefix::Metric, Prefix::Param, Prefix::Tag, Prefix::Attribute, Prefix::Dataset],
    attributes: &[
        Attribute::RunId,
        Attribute::RunName,
        Attribute::Status,
        Attribute::ArtifactUri,
        Attribute::UserId,
        Attribute::StartTime,
        Attribute::EndTime,
    ],
    listed: &[Attribute::RunId],
    keys_listed: false,
};

pub(crate) static EXPERIMENTS: Entity = Entity {
    noun: "experiments",
    prefixes: &[Prefix::Tag, Prefix::Attribute],
    attributes: &[
        Attribute::Name,
        Attribute::ExperimentId,
        Attribute::CreationTime,
        Attribute::LastUpdateTime,
    ],
    listed: &[Attribute::ExperimentId],
    keys_listed: false,
};

pub(crate) static REGISTERED_MODELS: Entity = Entity {
    noun: "registered models",
    prefixes: &[Prefix::Tag, Prefix::Attribute],
    attributes: &[Attribute::Name, Attribute::CreationTime, Attribute::LastUpdateTime],
    listed: &[Attribute::Name],
    keys_listed: false,
};

pub(crate) static MODEL_VERSIONS: Entity = Entity {
    noun: "model versions",
    prefixes: &[Prefix::Tag, Prefix::Attribute],
    attributes: &[
        Attribute::Name,
        Attribute::VersionNumber,
        Attribute::RunId,
        Attribute::SourcePath,
        Attribute::CreationTime,
        Attribute::LastUpdateTime,
    ],
    listed: &[Attribute::Name, Attribute::RunId],
    keys_listed: false,
};

pub(crate) static LOGGED_MODELS: Entity = Entity {
    noun: "logged models",
    prefixes: &[Prefix::Metric, Prefix::Param, Prefix::Tag, Prefix::Attribute],
    attributes: &[
        Attribute::Name,
        Attribute::ModelId,
        Attribute::ModelType,
        Attribute::Status,
        Attribute::SourceRunId,
        Attribute::ExperimentId,
        Attribute::CreationTime,
        Attribute::LastUpdateTime,
    ],
    listed: &[
        Attribute::Name,
        Attribute::ModelId,
        Attribute::ModelType,
        Attribute::Status,
        Attribute::SourceRunId,
    ],
    keys_listed: true,
};

pub(crate) static TRACES: Entity = Entity {
    noun: "traces",
    prefixes: &[Prefix::Tag, Prefix::Metadata, Prefix::Span, Prefix::Attribute],
    attributes: &[
        Attribute::TraceId,
        Attribute::ClientRequestId,
        Attribute::Name,
        Attribute::Status,
        Attribute::RunId,
        Attribute::ExperimentId,
        Attribute::RequestTime,
        Attribute::EndTime,
        Attribute::ExecutionTime,
    ],
    listed: &[
        Attribute::TraceId,
        Attribute::ClientRequestId,
        Attribute::Name,
        Attribute::Status,
        Attribute::RunId,
    ],
    keys_listed: false,
};
