//! Files of runs and models, by the server's artifact proxy.

use std::fs::File;

use trackline_journal::ArtifactOwner;
use trackline_store::tree_path;
use ureq::http::Method;

use super::locked;
use crate::Error;
use crate::remote::Server;
use crate::remote::client::{Fields, in_path};
use crate::remote::http::{Failure, Refusal};

impl Server {
    /// Sends a blob to a path below the root of its owner.
    pub(super) fn send_file(&self, owner: &ArtifactOwner, path: &str, digest: &str) -> Result<(), Failure> {
        let target = self.target(owner, path)?;
        if locked(&self.mlflow.sent).get(&target).is_some_and(|sent| sent == digest) {
            return Ok(());
        }
        self.send_blob_to(&target, digest)?;
        locked(&self.mlflow.sent).insert(target, digest.to_owned());
        Ok(())
    }

    /// Takes a file or folder away that was sent; it is no error if nothing is there.
    pub(super) fn delete_file(&self, owner: &ArtifactOwner, path: &str) -> Result<(), Failure> {
        let target = self.target(owner, path)?;
        locked(&self.mlflow.sent).remove(&target);
        match self.http.json(Method::DELETE, &target, None) {
            Err(Failure::Refused(refusal)) if refusal.status == 404 => Ok(()),
            deleted => deleted.map(drop),
        }
    }

    /// The path, on the server's artifact proxy, of what lies below the root of its owner.
    fn target(&self, owner: &ArtifactOwner, path: &str) -> Result<String, Failure> {
        let root = self.root(owner)?;
        let Some(root) = tree_path(&root) else {
            return Err(refused(format!("the server keeps files at {root}, where only it can put them")));
        };
        let target = format!("{root}/{path}");
        Ok(format!("/api/2.0/mlflow-artifacts/artifacts/{}", in_path(&target)))
    }

    fn send_blob_to(&self, target: &str, digest: &str) -> Result<(), Failure> {
        let Some(file) = self.blobs.path(digest) else {
            return Err(refused("its bytes are no longer in the spool".to_owned()));
        };
        // It names the run and the model, which have other ids there.
        if target.ends_with("/MLmodel")
            && let Ok(text) = std::fs::read_to_string(&file)
        {
            let text = self.mlflow.ids.to_server(&text);
            return self.http.upload(target, text.as_bytes(), text.len() as u64);
        }
        let opened = File::open(&file).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, file) =
            opened.map_err(|error| Failure::Trouble(Error::io("read a file of the spool", &error)))?;
        self.http.upload(target, file, size)
    }

    /// Where the files of a run or a model go.
    fn root(&self, owner: &ArtifactOwner) -> Result<String, Failure> {
        let ours = match owner {
            ArtifactOwner::Run(id) | ArtifactOwner::Model(id) => id,
        };
        let id = self.mlflow.ids.to_server(ours).into_owned();
        if let Some(root) = locked(&self.mlflow.roots).get(&id) {
            return Ok(root.clone());
        }
        let (path, name) = match owner {
            ArtifactOwner::Run(_) => (format!("runs/get?run_id={id}"), "run"),
            ArtifactOwner::Model(_) => (format!("logged-models/{id}"), "model"),
        };
        let found = self.http.json(Method::GET, &format!("/api/2.0/mlflow/{path}"), None)?;
        let root = Fields(&found).inner(name).inner("info").text("artifact_uri");
        locked(&self.mlflow.roots).insert(id, root.clone());
        Ok(root)
    }
}

fn refused(message: String) -> Failure {
    Failure::Refused(Refusal { status: 0, code: String::new(), message })
}
