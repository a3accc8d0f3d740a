/** Python that loads a model: as the library's own object where a flavor says which, and as a plain predictor. */
export function loadCode(uri: string, flavors: string[]): string {
  const own = flavors.find((flavor) => flavor !== 'python_function')
  const lines = ['import trackline', '']
  if (own) lines.push(`model = trackline.${own}.load_model("${uri}")`)
  if (flavors.includes('python_function'))
    lines.push(`predictions = trackline.pyfunc.load_model("${uri}").predict(data)`)
  return lines.join('\n')
}
