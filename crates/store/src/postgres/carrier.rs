use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::task::Context;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::{Client, Config, Error as Failure};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{Trouble, translate};
use crate::{Error, Result};

type Connection = Pin<Box<dyn Future<Output = std::result::Result<(), Failure>> + Send>>;

/// Carries the bytes of a connection, on the thread that waits for an answer: no other has to be woken, and statements
/// that were sent before it waits leave together.
pub(super) struct Carrier {
    runtime: ManuallyDrop<Runtime>,
    /// None once it has ended. How it did is seen by whoever waits for an answer.
    connection: RefCell<Option<Connection>>,
}

impl Carrier {
    /// Opens a connection, which may take so long.
    pub fn connect(config: &Config, tls: MakeRustlsConnect, patience: Duration) -> Result<(Client, Self)> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|error| Error::io("wait for the database", &error))?;
        let carrier = Self { runtime: ManuallyDrop::new(runtime), connection: RefCell::default() };
        let opened = carrier.runtime.block_on(async { timeout(patience, config.connect(tls)).await });
        let opened = opened.map_err(|_| Trouble::Silent(patience).translate())?;
        let (client, connection) = opened.map_err(|failure| translate(&failure))?;
        carrier.connection.replace(Some(Box::pin(connection)));
        Ok((client, carrier))
    }

    /// Waits for an answer.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        let mut answer = pin!(answer);
        self.runtime.block_on(poll_fn(|context| {
            self.carry(context);
            answer.as_mut().poll(context)
        }))
    }

    /// Sends what is to be sent and takes what has come, without waiting.
    pub fn turn(&self) {
        self.wait(tokio::task::yield_now());
    }

    fn carry(&self, context: &mut Context<'_>) {
        let mut connection = self.connection.borrow_mut();
        if connection.as_mut().is_some_and(|connection| connection.as_mut().poll(context).is_ready()) {
            *connection = None;
        }
    }
}

impl Drop for Carrier {
    /// In an asynchronous context too, where a runtime must not be waited for.
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        self.connection.take();
        // SAFETY: it is not used after this.
        unsafe { ManuallyDrop::take(&mut self.runtime) }.shutdown_background();
    }
}
