import type { Attachment } from 'svelte/attachments'

/** Tells when an element comes near the screen and when it leaves. */
export const inView =
  (tell: (visible: boolean) => void): Attachment =>
  (element) => {
    const observer = new IntersectionObserver(([entry]) => tell(entry?.isIntersecting ?? false), {
      rootMargin: '200px',
    })
    observer.observe(element)
    return () => observer.disconnect()
  }
