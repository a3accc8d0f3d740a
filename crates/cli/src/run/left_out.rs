//! `--no-figures` and its like: a switch for each category of what is captured.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use trackline::Category;

/// The categories that are left out.
#[derive(Debug)]
pub(crate) struct LeftOut(Vec<Category>);

impl LeftOut {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Category> {
        self.0.iter().copied()
    }
}

fn option(category: Category) -> String {
    format!("no-{}", category.name().replace('_', "-"))
}

impl Args for LeftOut {
    fn augment_args(command: Command) -> Command {
        command.next_help_heading("Do not capture").args(Category::ALL.map(|category| {
            Arg::new(option(category))
                .long(option(category))
                .help(category.about())
                .action(ArgAction::SetTrue)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LeftOut {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |category: &Category| matches.get_flag(&option(*category));
        Ok(Self(Category::ALL.into_iter().filter(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
