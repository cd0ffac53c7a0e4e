// Copyright (C) the project authors

// Without validatorUrl the viewer would ask another site about the document.
window.ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    validatorUrl: null,
});
