use trackline_model::Assessment;

use crate::sql::{Connection, Scope, values};
use crate::{Error, Result, Store};

impl Store {
    /// Adds an assessment to a trace, and returns what is there: if the trace has one with this id, that.
    ///
    /// # Errors
    /// `NotFound` if there is no such trace.
    pub fn create_assessment(&self, trace_id: &str, assessment: &Assessment) -> Result<Assessment> {
        self.write_in(
            |_| Scope::of([trace_id]),
            |transaction| {
                super::check_is_there(transaction.reader(), trace_id)?;
                if let Some(known) = find(transaction.reader(), trace_id, &assessment.assessment_id)? {
                    return Ok(known);
                }
                let sql = "INSERT INTO trace_assessments (trace_id, number, assessment_id, content) \
                           SELECT ?, COALESCE(MAX(number), 0) + 1, ?, ? FROM trace_assessments WHERE trace_id = ?";
                let Assessment { assessment_id, content } = assessment;
                transaction.execute(sql, values![trace_id, assessment_id, content, trace_id])?;
                Ok(assessment.clone())
            },
        )
    }

    /// The assessment with this id.
    pub fn get_assessment(&self, trace_id: &str, assessment_id: &str) -> Result<Assessment> {
        self.read(|connection| get(connection, trace_id, assessment_id))
    }

    /// Changes the content of an assessment by `change`, which may be run again.
    ///
    /// # Errors
    /// `NotFound`, and those of `change`.
    pub fn update_assessment(
        &self,
        trace_id: &str,
        assessment_id: &str,
        change: impl Fn(&str) -> Result<String>,
    ) -> Result<Assessment> {
        self.write_in(
            |_| Scope::of([trace_id]),
            |transaction| {
                let before = get(transaction.reader(), trace_id, assessment_id)?;
                let content = change(&before.content)?;
                transaction.execute(
                    "UPDATE trace_assessments SET content = ? WHERE trace_id = ? AND assessment_id = ?",
                    values![&content, trace_id, assessment_id],
                )?;
                Ok(Assessment { content, ..before })
            },
        )
    }

    /// Takes an assessment away; what is not there is no error.
    pub fn delete_assessment(&self, trace_id: &str, assessment_id: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([trace_id]),
            |transaction| {
                super::check_is_there(transaction.reader(), trace_id)?;
                let sql = "DELETE FROM trace_assessments WHERE trace_id = ? AND assessment_id = ?";
                transaction.execute(sql, values![trace_id, assessment_id]).map(drop)
            },
        )
    }
}

fn get(connection: &dyn Connection, trace_id: &str, assessment_id: &str) -> Result<Assessment> {
    find(connection, trace_id, assessment_id)?.ok_or_else(|| {
        Error::not_found(format!("Assessment with ID '{assessment_id}' not found for trace '{trace_id}'"))
    })
}

fn find(connection: &dyn Connection, trace_id: &str, assessment_id: &str) -> Result<Option<Assessment>> {
    let sql = "SELECT assessment_id, content FROM trace_assessments WHERE trace_id = ? AND assessment_id = ?";
    let row = connection.first(sql, values![trace_id, assessment_id])?;
    row.map(|row| Ok(Assessment { assessment_id: row.text(0)?, content: row.text(1)? })).transpose()
}
