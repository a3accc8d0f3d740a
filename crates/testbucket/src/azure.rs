use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The account that every Azurite has, with the key that all know.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
/// What that key allows for ever: to make containers.
const MAY_CREATE: &str = "sv=2021-08-06&ss=b&srt=c&sp=c&se=2100-01-01T00%3A00%3A00Z&\
                          sig=4XJAw1vleS2UuJ%2FLMx8V7cw%2BIg1uvsXSA%2B7A7iGe2zI%3D";

const CONTAINER: &str = "artifacts";

/// A new container on an Azurite of its own, on a free port of this machine; both end with it.
#[derive(Debug)]
pub struct Container {
    azurite: Child,
    /// Nobody reads on, but what is written there must not fail.
    _output: BufReader<ChildStdout>,
    /// `http://127.0.0.1:port`
    address: String,
}

impl Container {
    /// Starts Azurite, which `make` has installed.
    pub fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let program = root.join(".venvs/azurite/node_modules/.bin/azurite-blob");
        assert!(program.exists(), "Azurite is not installed: run `make .venvs/azurite/.ready`");
        let mut azurite = Command::new(program)
            .args(["--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(azurite.stdout.take().unwrap());
        let mut lines = output.by_ref().lines().map(Result::unwrap);
        let address = lines.find_map(|line| Some(line.split_once("listens on ")?.1.to_owned())).unwrap();
        let container = Self { azurite, _output: output, address };
        let url = format!("{}/{ACCOUNT}/{CONTAINER}?restype=container&{MAY_CREATE}", container.address);
        ureq::put(url).header("x-ms-version", "2021-08-06").send_empty().unwrap();
        container
    }

    /// `wasbs://artifacts@…`, with a place within it.
    pub fn uri(&self, prefix: &str) -> String {
        format!("wasbs://{CONTAINER}@{ACCOUNT}.blob.core.windows.net/{prefix}")
    }

    /// What the environment of a server must say.
    pub fn settings(&self) -> [(&'static str, String); 1] {
        let endpoint = format!("{}/{ACCOUNT}", self.address);
        let connection = format!("AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={endpoint};");
        [("AZURE_STORAGE_CONNECTION_STRING", connection)]
    }
}

impl Default for Container {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        drop(self.azurite.kill());
        drop(self.azurite.wait());
    }
}
