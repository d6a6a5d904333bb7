/** Elements without a framework. */

/** Makes an element: `make("button", { class: "big", "data-testid": "train", onclick: go }, "Train", child)`. */
export function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function draw(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Shows or hides the notice at the top of the page: an error, or what has just happened. */
export function notice(message, isError = false) {
  const place = document.getElementById("notice");
  place.textContent = message;
  place.classList.toggle("error", isError);
}
