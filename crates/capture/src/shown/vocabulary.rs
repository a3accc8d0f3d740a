//! Which words name a metric, a step, a part of the data; and which say that a number is none.

/// How sure it is that a name is one of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// A setting, a size, a duration.
    Never,
    /// What a model learns and what it is told alike: a result where the program says that it has computed it.
    Fitted,
    /// Nothing is known about it.
    Unknown,
    /// A rate that changes while it trains: a metric where it comes with a step, else a setting.
    Schedule,
    /// A word that has other meanings too.
    Likely,
    /// A metric wherever it stands.
    Sure,
}

const SURE: &[&str] = &[
    "loss",
    "losses",
    "acc",
    "accuracy",
    "accuracies",
    "f1",
    "f1score",
    "fscore",
    "fbeta",
    "auc",
    "auroc",
    "rocauc",
    "auprc",
    "roc",
    "map",
    "mrr",
    "ndcg",
    "recall",
    "specificity",
    "sensitivity",
    "rmse",
    "mse",
    "mae",
    "mape",
    "smape",
    "rmsle",
    "msle",
    "r2",
    "rsquared",
    "logloss",
    "nll",
    "bce",
    "elbo",
    "likelihood",
    "loglik",
    "loglikelihood",
    "perplexity",
    "ppl",
    "bleu",
    "rouge",
    "rouge1",
    "rouge2",
    "rougel",
    "meteor",
    "wer",
    "cer",
    "iou",
    "miou",
    "dice",
    "jaccard",
    "psnr",
    "ssim",
    "fid",
    "lpips",
    "award",
    "reward",
    "regret",
    "silhouette",
    "inertia",
    "distortion",
    "ari",
    "nmi",
    "mcc",
    "kappa",
    "gini",
    "brier",
    "spearman",
    "pearson",
    "bpc",
    "bpd",
    "gradnorm",
    "top1",
    "top5",
    "crossentropy",
    "merror",
    "mlogloss",
    "acc1",
    "acc5",
    "aic",
    "bic",
    "fnr",
    "tnr",
    "eer",
    "bouldin",
    "calinski",
    "davies",
    "homogeneity",
    "completeness",
    "损失",
    "准确率",
    "误差",
    "精度",
    "召回率",
    "squared",
    "absolute",
];

const LIKELY: &[&str] = &[
    "error",
    "errors",
    "err",
    "score",
    "scores",
    "return",
    "returns",
    "cost",
    "costs",
    "precision",
    "ap",
    "em",
    "corr",
    "correlation",
    "energy",
    "objective",
    "entropy",
    "lift",
    "hit",
    "kl",
    "ce",
    "cv",
    "residual",
    "fitness",
    "oob",
    "correct",
    "hamming",
    "deviance",
    "divergence",
    "l1",
    "l2",
    "kld",
    "recon",
    "classification",
    "misclassification",
    "evaluate",
    "success",
    "performance",
    "tp",
    "fp",
    "fn",
    "tn",
    "tpr",
    "fpr",
    "acceptance",
];

/// What a rate is one of that a program measures: `false_positive_rate`, `click-through rate`.
const MEASURED_RATES: &[&str] = &[
    "accept",
    "alarm",
    "alarms",
    "churn",
    "click",
    "clicks",
    "conversion",
    "ctr",
    "detection",
    "discovery",
    "failure",
    "miss",
    "negative",
    "negatives",
    "positive",
    "positives",
    "through",
    "win",
    "winning",
];

/// What a rate is one of that stays as it is set: `dropout_rate`.
const SET_RATES: &[&str] =
    &["bit", "drop", "dropout", "frame", "keep", "masking", "sample", "sampling", "subsample", "subsampling"];

const SCHEDULE: &[&str] = &["lr", "rate", "epsilon", "momentum", "temperature"];

const NEVER: &[&str] = &[
    "time",
    "times",
    "elapsed",
    "eta",
    "seconds",
    "sec",
    "secs",
    "ms",
    "duration",
    "took",
    "memory",
    "mem",
    "nbytes",
    "bytes",
    "size",
    "samples",
    "shape",
    "seed",
    "version",
    "port",
    "num",
    "number",
    "count",
    "params",
    "parameters",
    "threads",
    "workers",
    "gpu",
    "gpus",
    "cpu",
    "device",
    "rank",
    "pid",
    "epochs",
    "patience",
    "tol",
    "tolerance",
    "penalty",
    "budget",
    "length",
    "dim",
    "width",
    "height",
    "depth",
    "features",
    "classes",
    "hidden",
    "max_iter",
    "n",
    "id",
    "index",
    "idx",
    "line",
    "page",
    "code",
    "exit",
    "year",
    "date",
    "day",
    "speed",
    "fps",
    "throughput",
    "remaining",
    "improved",
    "support",
    "dtype",
    "target",
    "goal",
    "steps",
    "iterations",
    "mfu",
    "date",
    "samples/s",
];

const STEPS: &[(&str, u8)] = &[
    ("fold", 0),
    ("trial", 0),
    ("run", 0),
    ("split", 0),
    ("epoch", 1),
    ("ep", 1),
    ("episode", 1),
    ("generation", 1),
    ("gen", 1),
    ("round", 1),
    ("step", 2),
    ("iter", 2),
    ("iteration", 2),
    ("it", 2),
    ("batch", 2),
    ("update", 2),
    ("timestep", 2),
    ("t", 2),
    ("i", 2),
    ("minibatch", 2),
    ("itr", 2),
    ("frame", 2),
];

const FITTED: &[&str] = &[
    "alpha",
    "beta",
    "coef",
    "coefficients",
    "gamma",
    "intercept",
    "lambda",
    "pvalue",
    "threshold",
    "thresholds",
    "weight",
    "weights",
];

/// Before a number they compare it: `improved from 0.5`, but not `precision from the matrix: 0.5`.
const COMPARED: &[&str] = &["above", "below", "from", "than"];

/// What a model finds and a program counts: `Number of clusters: 3`.
const FOUND: &[&str] = &[
    "anomalies",
    "clusters",
    "errors",
    "misclassified",
    "mislabeled",
    "negatives",
    "noise",
    "outliers",
    "positives",
];

/// Words that make a size or a setting of a name, unless it is of what models find.
const COUNTS: &[&str] = &["number", "num", "n", "count"];

/// What makes a setting of a counter: `n_steps`, `best_epoch`.
const NO_STEPS: &[&str] = &["n", "num", "max", "total", "per", "warmup", "best", "every", "stop", "each"];

const PHASES: &[(&str, &str)] = &[
    ("train", "train"),
    ("training", "train"),
    ("trn", "train"),
    ("val", "val"),
    ("valid", "val"),
    ("vali", "val"),
    ("validation", "val"),
    ("validate", "val"),
    ("dev", "val"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "eval"),
    ("evaluation", "eval"),
];

/// Words of a sentence that name nothing.
pub const FILLERS: &[&str] = &[
    "the", "a", "an", "is", "was", "are", "of", "on", "for", "with", "in", "at", "after", "by", "and", "to",
    "has", "got", "info", "debug", "warning", "root", "__main__", "my", "our", "its", "=", "using", "over",
    "now", "current", "value",
];

/// Words that head a line and belong to no name.
const HEADINGS: &[&str] = &[
    "results",
    "result",
    "metrics",
    "metric",
    "performance",
    "summary",
    "final",
    "report",
    "finished",
    "done",
    "complete",
    "info",
    "debug",
    "warning",
    "error",
    "root",
    "output",
    "end",
    "log",
    "logs",
    "progress",
    "stats",
];

/// Words that name nothing alone: `accuracy_std`, `silhouette coefficient`.
const ASIDE: &[&str] = &["std", "stdev", "deviation", "coefficient"];

/// What comes before the name of a result, whatever the name is: `Best k: 3`, `Final m=2.1`.
const CHOSEN: &[&str] = &["best", "final", "optimal"];

/// What a search may print of its best turn without naming a number: `Best model: …`, `Best params: {…}`.
const NOT_CHOSEN: &[&str] = &["params", "parameters", "model", "trial", "epoch", "time"];

/// The parts of a name that may be words of their own: `val_loss`, `F1-score`, `train/acc`.
fn parts(name: &str) -> impl DoubleEndedIterator<Item = &str> {
    name.split(|character: char| !character.is_alphanumeric() && character != '@')
        .map(|part| part.split('@').next().unwrap_or(part))
        .filter(|part| !part.is_empty())
}

/// What a name, in lower case, is likely to stand for.
pub fn meaning(name: &str) -> Meaning {
    let name = name.replace("r^2", "r2").replace('²', "2");
    if is_chosen(&name) {
        return Meaning::Likely;
    }
    if name.ends_with("/s") || name.ends_with("/sec") {
        return Meaning::Never; // `img/s`
    }
    let is_count = is_found(&name);
    let is_never = |part: &str| NEVER.contains(&part) && !(is_count && COUNTS.contains(&part));
    if parts(&name).any(is_never) && !name.contains("weighted") {
        return Meaning::Never;
    }
    if parts(&name).next_back().is_some_and(|last| COMPARED.contains(&last)) {
        return Meaning::Never;
    }
    if parts(&name).any(|part| FITTED.contains(&part)) && !name.contains("weighted") {
        return Meaning::Fitted;
    }
    if matches!(&*name, "l1" | "l2" | "l1_ratio") {
        return Meaning::Unknown; // Alone, rather the strength of a penalty, or how two are mixed.
    }
    if let Some(meaning) = of_rate(&name) {
        return meaning;
    }
    let rank = |part: &str| {
        if SURE.contains(&part) || is_plural(part) {
            Meaning::Sure
        } else if LIKELY.contains(&part) {
            Meaning::Likely
        } else if SCHEDULE.contains(&part) {
            Meaning::Schedule
        } else {
            joined(part)
        }
    };
    let found = parts(&name).map(rank).max().unwrap_or(Meaning::Unknown);
    let is_aside = parts(&name).any(|part| ASIDE.contains(&part));
    // `data`, as the time that loading takes beside that of a step, but not the cost on training data.
    let is_of_loading = parts(&name).next_back() == Some("data");
    match found {
        Meaning::Likely | Meaning::Sure => found,
        _ if is_of_loading => Meaning::Never,
        _ if is_aside || is_count => Meaning::Fitted,
        _ => found,
    }
}

/// What a rate stands for, where the words before it say so; else it may be one that changes while it trains.
fn of_rate(name: &str) -> Option<Meaning> {
    if parts(name).next_back() != Some("rate") {
        return None;
    }
    let is_of = |words: &[&str]| parts(name).any(|part| words.contains(&part));
    if is_of(MEASURED_RATES) {
        return Some(Meaning::Likely);
    }
    is_of(SET_RATES).then_some(Meaning::Never)
}

/// Whether it is several of a metric: `inertias`. Maps are also what a layer makes.
fn is_plural(part: &str) -> bool {
    part != "maps" && part.strip_suffix('s').is_some_and(|one| SURE.contains(&one))
}

/// Whether it is how much of something there is that models find: `n_clusters`, `Number of outliers`. It may be whole.
pub fn is_found(name: &str) -> bool {
    parts(name).any(|part| FOUND.contains(&part))
}

/// Whether it is what a search has chosen or a loop has come to: `best_seed`, `final_m`. Its number is a result, and may be whole.
pub fn is_chosen(name: &str) -> bool {
    match parts(name).collect::<Vec<_>>()[..] {
        [chosen, what] if CHOSEN.contains(&chosen) => !NOT_CHOSEN.contains(&what) && !SURE.contains(&what),
        _ => false,
    }
}

/// Names written in one: `trainloss`, `valAcc`, `testAccuracy`.
fn joined(part: &str) -> Meaning {
    let metric = ["loss", "acc", "accuracy", "rmse", "mse", "auc"];
    let named =
        PHASES.iter().any(|(phase, _)| part.strip_prefix(phase).is_some_and(|rest| metric.contains(&rest)));
    if named { Meaning::Sure } else { Meaning::Unknown }
}

/// The rank of a counter, the slowest first, if the name is one of a counter.
pub fn step(name: &str) -> Option<u8> {
    let all: Vec<&str> = parts(name).collect();
    let (last, before) = all.split_last()?;
    if before.iter().any(|part| NO_STEPS.contains(part)) {
        return None;
    }
    STEPS.iter().find(|(word, _)| word == last).map(|(_, rank)| *rank)
}

/// `train`, `val`, `test` or `eval`, if the word stands for a part of the data.
pub fn phase(word: &str) -> Option<&'static str> {
    PHASES.iter().find(|(name, _)| *name == word).map(|(_, phase)| *phase)
}

/// Whether a word only says that results follow.
pub fn is_heading(word: &str) -> bool {
    HEADINGS.contains(&word)
}
