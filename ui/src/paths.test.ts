import { expect, test } from 'vitest'
import { fromMlflowHash, mlflow, own, pages, prefixOf, runsHash, runsOf } from './paths'

test('every address', () => {
  const all = {
    home: pages.home(),
    experiments: pages.experiments(),
    experiment: pages.experiment('1'),
    run: pages.run('abc'),
    runCharts: pages.run('abc', 'charts'),
    chartsOf: pages.chartsOf('abc', 'train/loss'),
    artifacts: pages.artifact('abc'),
    artifact: pages.artifact('abc', 'plots/a b.png'),
    modelFile: pages.artifact('abc', 'MLmodel', 'm-1'),
    compare: pages.compare(['a', 'b']),
    models: pages.models(),
    model: pages.model('my model/1'),
    version: pages.version('iris', '2'),
    call: mlflow.call('runs/get', { run_id: 'abc' }),
    loggedModel: mlflow.loggedModel('m-1'),
    loggedModelTags: mlflow.loggedModelTags('m-1'),
    changes: own.changes(),
    captured: own.captured('abc'),
    summaries: own.summaries('abc'),
    documents: own.documents('abc'),
    document: own.document('abc', 'git'),
    series: own.series(['a', 'b'], 'train/loss', 2000),
    runFiles: own.artifacts({ runId: 'abc' }),
    modelFiles: own.artifacts({ modelId: 'm-1' }, 'data'),
    file: own.artifact({ runId: 'abc' }, 'a.html'),
  }
  expect(all).toMatchInlineSnapshot(`
    {
      "artifact": "/runs/abc/artifacts?path=plots/a+b.png",
      "artifacts": "/runs/abc/artifacts",
      "call": "/ajax-api/2.0/mlflow/runs/get?run_id=abc",
      "captured": "/api/trackline/runs/abc/captured",
      "changes": "/api/trackline/changes",
      "chartsOf": "/runs/abc/charts?find=train/loss",
      "compare": "/compare#runs=a,b",
      "document": "/api/trackline/runs/abc/documents/git",
      "documents": "/api/trackline/runs/abc/documents",
      "experiment": "/experiments/1",
      "experiments": "/experiments",
      "file": "/api/trackline/artifact?run_id=abc&path=a.html",
      "home": "/",
      "loggedModel": "/ajax-api/2.0/mlflow/logged-models/m-1",
      "loggedModelTags": "/ajax-api/2.0/mlflow/logged-models/m-1/tags",
      "model": "/models/my%20model%2F1",
      "modelFile": "/runs/abc/artifacts?model=m-1&path=MLmodel",
      "modelFiles": "/api/trackline/artifacts?model_id=m-1&path=data",
      "models": "/models",
      "run": "/runs/abc",
      "runCharts": "/runs/abc/charts",
      "runFiles": "/api/trackline/artifacts?run_id=abc",
      "series": "/api/trackline/series?run_id=a&run_id=b&key=train/loss&max_points=2000",
      "summaries": "/api/trackline/runs/abc/metrics",
      "version": "/models/iris/versions/2",
    }
  `)
})

test.each([
  ['http://host:5000/', ''],
  ['https://host/mlflow/', '/mlflow'],
  ['https://host/a/b/', '/a/b'],
])('the page below %s has the prefix %j', (base, prefix) => {
  expect(prefixOf(base)).toBe(prefix)
})

test.each([[[]], [['a']], [['a', 'b']]])('the chosen runs %j survive the way through the address', (ids) => {
  expect(runsOf(runsHash(ids))).toEqual(ids)
})

test.each([
  ['#/experiments/1', '/experiments/1'],
  ['#/experiments/1/runs/abc', '/runs/abc'],
  ['#/experiments/1/runs/abc/artifacts?x=1', '/runs/abc'],
  ['#/models', '/models'],
  ['#/models/my%20model', '/models/my%20model'],
  ['#/models/iris/versions/3', '/models/iris/versions/3'],
  ['#runs=a,b', undefined],
  ['', undefined],
])("MLflow's %s leads to %s", (hash, path) => {
  expect(fromMlflowHash(hash)).toBe(path)
})
