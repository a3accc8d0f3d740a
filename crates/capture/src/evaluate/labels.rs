use std::collections::BTreeSet;

use trackline_model::Invalid;

use super::weights::same_length;
use crate::data::{ArrayView, Kind, Values};

/// Class labels, one per sample.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelValues {
    /// Truth values.
    Bools(Vec<bool>),
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Numbers.
    Floats(Vec<f64>),
    /// Text.
    Texts(Vec<String>),
}

impl LabelValues {
    /// The labels in a column; an error for kinds that cannot be labels, and where one is missing.
    pub fn read(column: &Values<'_>) -> Result<Self, Invalid> {
        let missing = || Invalid::new("a label is missing");
        match column {
            Values::Array(array) => Self::from_array(array),
            Values::Text(values) => {
                values.iter().cloned().collect::<Option<_>>().map(Self::Texts).ok_or_else(missing)
            }
            Values::Masked(array, mask) => match mask.to_f64()?.iter().all(|&masked| masked == 0.0) {
                true => Self::from_array(array),
                false => Err(missing()),
            },
            Values::Opaque => Err(Invalid::new("Python objects cannot be class labels")),
        }
    }

    fn from_array(array: &ArrayView<'_>) -> Result<Self, Invalid> {
        let dtype = array.dtype();
        let wrong = || Invalid::new(format!("elements of type {} cannot be class labels", dtype.name()));
        match dtype.kind {
            Kind::Bool => Ok(Self::Bools(array.to_f64()?.into_iter().map(|value| value != 0.0).collect())),
            Kind::Int | Kind::Uint => {
                array.elements().map(|element| dtype.integer(element)).collect::<Option<_>>().map(Self::Ints)
            }
            .ok_or_else(wrong),
            Kind::Float => array.to_f64().map(Self::Floats),
            _ => array
                .elements()
                .map(|element| dtype.text(element))
                .collect::<Option<_>>()
                .map(Self::Texts)
                .ok_or_else(wrong),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Bools(values) => values.len(),
            Self::Ints(values) => values.len(),
            Self::Floats(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::Bools(values) => Some(values.iter().map(|&value| f64::from(u8::from(value))).collect()),
            Self::Ints(values) => Some(values.iter().map(|&value| value as f64).collect()),
            Self::Floats(values) => Some(values.clone()),
            Self::Texts(_) => None,
        }
    }
}

/// True and predicted labels as positions in the sorted list of all classes that occur in either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The classes as text, in scikit-learn's order: numbers by size, text by code point.
    pub names: Vec<String>,
    /// The true class of each sample.
    pub truth: Vec<u32>,
    /// The predicted class of each sample.
    pub predicted: Vec<u32>,
}

impl Classes {
    /// Finds the classes. Numbers of different types are compared as numbers; numbers with text is an error.
    pub fn encode(truth: &LabelValues, predicted: &LabelValues) -> Result<Self, Invalid> {
        use LabelValues::{Bools, Ints, Texts};
        same_length(truth.len(), predicted.len())?;
        if truth.is_empty() {
            return Err(Invalid::new("there are no samples to evaluate"));
        }
        match (truth, predicted) {
            (Bools(truth), Bools(predicted)) => Ok(Self::rank(truth, predicted, |&value| python_bool(value))),
            (Ints(truth), Ints(predicted)) => Ok(Self::rank(truth, predicted, i64::to_string)),
            (Texts(truth), Texts(predicted)) => Ok(Self::rank(truth, predicted, Clone::clone)),
            _ => match (truth.numbers(), predicted.numbers()) {
                (Some(truth), Some(predicted)) => Self::from_floats(&truth, &predicted),
                _ => Err(Invalid::new(
                    "the true labels and the predictions must both be text or both be numbers",
                )),
            },
        }
    }

    fn from_floats(truth: &[f64], predicted: &[f64]) -> Result<Self, Invalid> {
        if let Some(value) = truth.iter().chain(predicted).find(|value| !value.is_finite()) {
            return Err(Invalid::new(format!("{value} is not a class label")));
        }
        // Adding zero makes -0.0 the same class as 0.0.
        let keys = |values: &[f64]| values.iter().map(|value| OrderedFloat(value + 0.0)).collect::<Vec<_>>();
        Ok(Self::rank(&keys(truth), &keys(predicted), |key| format!("{:?}", key.0)))
    }

    fn rank<T: Ord>(truth: &[T], predicted: &[T], name: impl Fn(&T) -> String) -> Self {
        let classes: Vec<&T> = truth.iter().chain(predicted).collect::<BTreeSet<_>>().into_iter().collect();
        let code = |value: &T| classes.partition_point(|class| *class < value) as u32;
        Self {
            truth: truth.iter().map(code).collect(),
            predicted: predicted.iter().map(code).collect(),
            names: classes.iter().map(|class| name(class)).collect(),
        }
    }

    /// The classes that occur among the true labels, in order.
    pub fn true_classes(&self) -> Vec<u32> {
        let mut present = vec![false; self.names.len()];
        for &code in &self.truth {
            present[code as usize] = true;
        }
        (0..).zip(present).filter_map(|(code, present)| present.then_some(code)).collect()
    }

    /// The place of a class in `names`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|candidate| candidate == name)
    }
}

fn python_bool(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}

/// A finite number, ordered by size.
#[derive(Clone, Copy, PartialEq)]
struct OrderedFloat(f64);

impl Eq for OrderedFloat {}

impl PartialOrd for OrderedFloat {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedFloat {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
