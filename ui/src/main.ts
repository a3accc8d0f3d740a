import { mount } from 'svelte'
import App from './App.svelte'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import { fromMlflowHash } from './paths'
import { followLinks, navigate } from './router.svelte'
import { theme } from './theme.svelte'

// MLflow's clients print addresses like /#/experiments/1/runs/abc; they lead to our pages.
const target = fromMlflowHash(window.location.hash)
navigate(target ?? window.location.href, { replace: true })

theme.apply()
followLinks()
mount(App, { target: document.getElementById('app')! })
