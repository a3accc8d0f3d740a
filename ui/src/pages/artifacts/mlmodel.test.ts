import { expect, test } from 'vitest'
import { loadCode } from './load-code'
import { describeModel } from './mlmodel'

const MLMODEL = `flavors:
  python_function:
    env: {conda: conda.yaml}
    loader_module: mlflow.sklearn
  sklearn:
    code: null
    sklearn_version: 1.9.1
model_id: m-1
model_uuid: m-1
model_size_bytes: 52267
signature:
  inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
    "double", "name": "petal", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`

test('an MLmodel file, with a signature folded over lines', () => {
  const model = describeModel(MLMODEL)
  expect(model.inputs.map(({ name }) => name)).toEqual(['sepal length (cm)', 'petal'])
  expect(model.outputs).toEqual([{ name: '', type: 'int64 (n)', optional: false }])
  expect(model.params).toEqual([])
  expect(model.facts).toEqual([
    ['Model id', 'm-1'],
    ['Size', '52.3 kB'],
  ])
  expect(model.flavors).toEqual([
    {
      name: 'python_function',
      facts: [
        ['env.conda', 'conda.yaml'],
        ['loader_module', 'mlflow.sklearn'],
      ],
    },
    { name: 'sklearn', facts: [['sklearn_version', '1.9.1']] },
  ])
})

test('a model without signature or flavors', () => {
  expect(describeModel('run_id: abc')).toMatchObject({ inputs: [], flavors: [], facts: [['Run', 'abc']] })
})

test('what is no MLmodel file is refused', () => {
  expect(() => describeModel('just text')).toThrow('MLmodel')
})

test('the code that loads it', () => {
  expect(loadCode('models:/m-1', ['python_function', 'sklearn'])).toMatchInlineSnapshot(`
    "import trackline

    model = trackline.sklearn.load_model("models:/m-1")
    predictions = trackline.pyfunc.load_model("models:/m-1").predict(data)"
  `)
  expect(loadCode('models:/m-1', ['python_function'])).not.toContain('model = ')
})
