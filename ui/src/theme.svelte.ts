export type Theme = 'system' | 'light' | 'dark'

const KEY = 'trackline.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system' // storage may be forbidden; the choice then lasts as long as the page
  }
}

class ThemeChoice {
  choice = $state<Theme>(stored())
  #system = window.matchMedia('(prefers-color-scheme: dark)')
  #systemDark = $state(this.#system.matches)
  dark = $derived(this.choice === 'system' ? this.#systemDark : this.choice === 'dark')

  constructor() {
    this.#system.addEventListener('change', (event) => (this.#systemDark = event.matches))
  }

  set(choice: Theme) {
    this.choice = choice
    this.apply()
    try {
      if (choice === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, choice)
    } catch {
      // see stored()
    }
  }

  apply() {
    if (this.choice === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = this.choice
  }
}

export const theme = new ThemeChoice()
