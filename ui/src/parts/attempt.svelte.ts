/** Does what may fail, and keeps the words of the last failure for the page to show. */
export class Attempt {
  error = $state('')

  /** Whether it worked. */
  async at(work: () => unknown): Promise<boolean> {
    this.error = ''
    try {
      await work()
      return true
    } catch (caught) {
      this.error = caught instanceof Error ? caught.message : String(caught)
      return false
    }
  }
}
