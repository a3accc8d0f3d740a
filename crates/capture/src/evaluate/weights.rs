use trackline_model::Invalid;

/// Sample weights: one each, or 1 for all.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a>(Option<&'a [f64]>);

impl<'a> Weights<'a> {
    pub(super) fn new(weights: Option<&'a [f64]>, samples: usize) -> Result<Self, Invalid> {
        match weights {
            Some(weights) if weights.len() != samples => Err(Invalid::new(format!(
                "{} sample weights for {samples} samples: give one weight per sample",
                weights.len()
            ))),
            _ => Ok(Self(weights)),
        }
    }

    pub(super) fn at(self, index: usize) -> f64 {
        self.0.map_or(1.0, |weights| weights[index])
    }

    pub(super) fn given(self) -> bool {
        self.0.is_some()
    }

    /// The weighted mean of one value per sample; an error when the weights add up to nothing.
    pub(super) fn mean(self, values: impl ExactSizeIterator<Item = f64>) -> Result<f64, Invalid> {
        let samples = values.len();
        let (mut sum, mut total) = (0.0, 0.0);
        for (index, value) in values.enumerate() {
            let weight = self.at(index);
            sum += weight * value;
            total += weight;
        }
        if total == 0.0 {
            return Err(Invalid::new(format!(
                "the mean of {samples} samples whose weights add up to 0 is not defined"
            )));
        }
        Ok(sum / total)
    }
}

pub(super) fn same_length(truth: usize, predicted: usize) -> Result<(), Invalid> {
    if truth == predicted {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "{truth} true values but {predicted} predictions: give one prediction per sample"
    )))
}
