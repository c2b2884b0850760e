"""Addresses of planning."""

from django.urls import URLPattern

app_name = "planning"

RISKS: list[URLPattern] = []
CONTEXT: list[URLPattern] = []
OBJECTIVES: list[URLPattern] = []

urlpatterns = [*RISKS, *CONTEXT, *OBJECTIVES]
