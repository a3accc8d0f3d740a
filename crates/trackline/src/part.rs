/// What a process adds to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What it logs.
    Whole,
    /// What its machine does, what it prints, and how it failed: it is another rank than the first, which keeps the run.
    Rank(u32),
    /// Nothing: the first rank keeps the run, and which one that is is not known here.
    Nothing,
}

impl Part {
    /// `console`, or `console.rank-1` of a rank that attends the run only.
    pub fn name(self, what: &str) -> String {
        match self {
            Self::Rank(rank) => format!("{what}.rank-{rank}"),
            Self::Whole | Self::Nothing => what.to_owned(),
        }
    }
}
