import { useEffect, useId, useRef, type ReactNode } from 'react'

type Props = {
  title: string
  submit: string
  disabled?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

// Dialog asks for something in a modal window. The browser keeps the focus inside, and Escape closes it.
export function Dialog({ title, submit, disabled, onSubmit, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={heading} onCancel={(event) => { event.preventDefault(); onClose() }}>
      <form onSubmit={(event) => { event.preventDefault(); onSubmit() }}>
        <h2 id={heading}>{title}</h2>
        {children}
        <div className="buttons">
          <button type="button" onClick={onClose}>Cancel</button>
          <button className="primary" disabled={disabled}>{submit}</button>
        </div>
      </form>
    </dialog>
  )
}
