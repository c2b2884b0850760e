"""Addresses of conformity."""

from django.urls import URLPattern

app_name = "conformity"

MATRIX: list[URLPattern] = []
YEAR: list[URLPattern] = []
DECLARATION: list[URLPattern] = []
PACK: list[URLPattern] = []
ADVISER: list[URLPattern] = []

urlpatterns = [*MATRIX, *YEAR, *DECLARATION, *PACK, *ADVISER]
