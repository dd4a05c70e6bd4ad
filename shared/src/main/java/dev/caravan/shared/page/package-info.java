/** What the pages of the server and of the endpoint have in common. */
package dev.caravan.shared.page;
