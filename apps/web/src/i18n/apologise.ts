/** The only words outside of the catalogs: they are for when a catalog could not be loaded. */
const words = {
  en: 'Recado could not be loaded. Load the page again.',
  pt: 'O Recado não pôde ser carregado. Recarregue a página.',
  es: 'No se pudo cargar Recado. Recarga la página.',
}

export function apologise(container: HTMLElement): void {
  const primary = navigator.language.slice(0, 2)
  container.textContent = primary === 'pt' || primary === 'es' ? words[primary] : words.en
}
