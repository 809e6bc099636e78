"use strict";
const root = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: root.dataset.document,
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
});
